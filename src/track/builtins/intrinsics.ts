// Browser compatible.
// In pages, `intrinsics_in_page.ts` takes its place ("browser" of package.json).

import { ensureStack } from "../../host/ensure_stack.ts";
import { host } from "../../host/host.ts";
import { append } from "../../tables/safe_collections.ts";
import { quiet } from "../calls/quiet.ts";
import { originalOf } from "../objects/is_proxy.ts";

const { defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys, setPrototypeOf } =
  Reflect;
const { hasOwn } = Object;

/** A function, or an accessor, in its place. */
interface Property {
  readonly owner: object;
  readonly key: PropertyKey;
  /** Undefined: there is none. */
  readonly descriptor: PropertyDescriptor | undefined;
}

/** Where the language has it. */
interface Intrinsic extends Property {
  /** The function, or the getter. */
  readonly value: unknown;
}

/** Of the global object: what the tracker, its libraries, and what hosts write in JavaScript may ask for. */
const NAMES =
  "Object Function Array String RegExp Map Set WeakMap WeakSet WeakRef FinalizationRegistry Promise Number Symbol Boolean " +
  "BigInt Date Error TypeError RangeError SyntaxError Math JSON Reflect Proxy ArrayBuffer SharedArrayBuffer DataView " +
  "Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array " +
  "BigInt64Array BigUint64Array Iterator TextEncoder TextDecoder URL Buffer";

/**
 * What neither the tracker, its libraries nor hosts call: parts of dates, numbers in Buffers, trigonometry, HTML, and what the last match
 * was. A third of all, and to look for each takes 18 ns.
 */
const UNUSED: Readonly<Record<string, RegExp>> = {
  Object: /^__(?:define|lookup)/,
  String: /^(?:anchor|big|blink|bold|fixed|fontcolor|fontsize|italics|link|small|strike|su[bp])$/,
  RegExp: /^(?:input|last|left|right)|^\$./,
  Date: /^(?:set|getUTC)|^get(?:Date|Day|FullYear|Hours|Minutes|Month|Seconds|Year)$|Locale|GMT|Temporal/,
  Math: /^(?:a?(?:cos|sin|tan)h?|atan2|cbrt|f16round|log1p)$/,
  DataView: /^[gs]et(?!Uint32)/,
  Buffer: /^(?:read|write)(?:U?[Ii]nt|Big|Double|Float)|^swap/,
};

/** On Node and Deno `process` is an accessor, which goes on to be there when a program has assigned something else. */
const getProcess: (() => unknown) | undefined = getOwnPropertyDescriptor(host, "process")?.get;

/** Some 450, as they were when this was loaded. */
const intrinsics: readonly Intrinsic[] = findIntrinsics();

function findIntrinsics(): Intrinsic[] {
  const found: Intrinsic[] = [];
  const note = (owner: object, key: PropertyKey): void => {
    const descriptor = getOwnPropertyDescriptor(owner, key);
    const value: unknown = descriptor?.value ?? descriptor?.get;
    // Bun hears of assignments to it alone, and of none any more once it has been defined anew.
    if (key === "prepareStackTrace") return;
    if (descriptor?.configurable && typeof value === "function")
      found.push({ owner, key, descriptor, value });
  };
  const noteAll = (owner: object | null | undefined, unused?: RegExp): void => {
    if (!owner) return;
    for (const key of ownKeys(owner)) if (!(typeof key === "string" && unused?.test(key))) note(owner, key);
  };
  for (const name of NAMES.split(" ")) {
    const builtin = (globalThis as Record<string, unknown>)[name] as { prototype?: object } | undefined;
    if (builtin === undefined) continue;
    note(globalThis, name);
    noteAll(builtin, UNUSED[name]);
    noteAll(builtin.prototype, UNUSED[name]);
  }
  if (getOwnPropertyDescriptor(host, "process")?.configurable) {
    const value = host.process;
    const descriptor = { value, writable: true, enumerable: false, configurable: true };
    found.push({ owner: host, key: "process", descriptor, value });
  }
  const typed = getPrototypeOf(Int8Array) as { prototype: object };
  noteAll(typed);
  noteAll(typed.prototype);
  const iterators = [
    [].values(),
    new Map().values(),
    new Set().values(),
    "".matchAll(/a/g),
    ""[Symbol.iterator](),
  ];
  for (const iterator of iterators) noteAll(getPrototypeOf(iterator));
  noteAll(getPrototypeOf(getPrototypeOf((function* () {})())!));
  return found;
}

/** A program can put `get` on `Object.prototype`, which all other objects would then have. */
function withoutPrototype<T extends PropertyDescriptor | undefined>(descriptor: T): T {
  if (descriptor !== undefined) setPrototypeOf(descriptor, null);
  return descriptor;
}

/** What the program has put in the places of built-ins, or deleted there. Stand-ins of ours for the engine's own may stay. */
function findReplaced(): (Property & { readonly intrinsic: Intrinsic })[] | null {
  let found: (Property & { readonly intrinsic: Intrinsic })[] | null = null;
  for (let i = 0; i < intrinsics.length; i++) {
    const intrinsic = intrinsics[i];
    const { owner, key, value } = intrinsic;
    const descriptor = getOwnPropertyDescriptor(owner, key);
    if (descriptor !== undefined) {
      // An accessor's descriptor has no value of its own, and a program can put one on `Object.prototype`.
      let now: unknown = hasOwn(descriptor, "value") ? descriptor.value : descriptor.get;
      if (now === getProcess && getProcess !== undefined) now = host.process;
      if (now === value || originalOf(now) === value) continue;
    }
    append((found ??= []), { owner, key, descriptor: withoutPrototype(descriptor), intrinsic });
  }
  return found;
}

let isAtWork = false;

function leave(): void {
  isAtWork = false;
}

/**
 * Puts built-ins that the program has replaced back in their places, for work of the tracker's own that asks them. It must run none
 * of the program's code, and not be asynchronous. To look for them takes 8 µs (Node 26; 13 while cold): what is done for each
 * object does without (`tables/primordials.ts`), and work within other work need not look again.
 *
 * @returns Gives the program its own back; null: this is done within other work.
 */
function restore(): (() => void) | null {
  if (isAtWork) return null;
  const replaced = findReplaced();
  if (replaced === null) {
    isAtWork = true;
    return leave;
  }
  ensureStack(); // an overflow half-way would leave the program without its own
  isAtWork = true;
  // Where a property cannot be changed any more, nothing happens, now and later.
  for (let i = 0; i < replaced.length; i++) {
    const { owner, key, intrinsic } = replaced[i];
    defineProperty(owner, key, withoutPrototype(intrinsic.descriptor)!);
  }
  return () => {
    isAtWork = false;
    for (let i = replaced.length - 1; i >= 0; i--) {
      const { owner, key, descriptor } = replaced[i];
      if (descriptor === undefined) deleteProperty(owner, key);
      else defineProperty(owner, key, descriptor);
    }
  };
}

/** Whether the program has replaced built-ins: what is asynchronous cannot have them put back. */
export function hasReplacedBuiltins(): boolean {
  const replaced = findReplaced();
  if (replaced === null) return false;
  // `Function.prototype.toString` is replaced by the tracker itself (`texts/function_to_string.ts`).
  return replaced.length > 1 || replaced[0].owner !== Function.prototype;
}

/** From here on `quietly` has the engine's own built-ins. */
export function restoreWhenQuiet(): void {
  quiet.restore = restore;
}
