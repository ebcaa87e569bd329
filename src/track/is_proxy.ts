// Browser compatible.
import { SafeWeakMap, SafeWeakSet } from "../sites/safe_collections.ts";

type IsProxy = (value: unknown) => boolean;

interface UtilHost {
  process?: { getBuiltinModule?: (id: string) => { types?: { isProxy: IsProxy } } | undefined };
}

/** `util.types.isProxy`, where the host has it. */
const tellsProxies: IsProxy | undefined = (globalThis as UtilHost).process?.getBuiltinModule?.("node:util")
  ?.types?.isProxy;

/** Proxies that were seen being made. */
const known = new SafeWeakSet<object>();

/** Whether the host can tell a Proxy from outside: Node, Deno and Bun can, browsers cannot. */
export const hostTellsProxies: boolean = tellsProxies !== undefined;

/** Whether the value is a Proxy; in browsers, one that was made while tracing. Asks the value itself nothing. */
export const isProxy: IsProxy = tellsProxies ?? ((value) => known.has(value as object));

/** Notes a Proxy. */
export function noteProxy(proxy: object): void {
  known.add(proxy);
}

// Here, not in a file of its own: bundlers would make it one for the page, too.

/** What stands in for built-ins while tracing → the built-in. Entries stay: a program can keep a stand-in. */
const originals = new SafeWeakMap<object, object>();

/** Notes that `replacement` stands in for `original`. */
export function noteOriginal(replacement: object, original: object): void {
  originals.set(replacement, original);
}

/** The built-in that a function stands in for; any other value itself. */
export function originalOf<T>(value: T): T {
  return typeof value === "function" ? ((originals.get(value) as T | undefined) ?? value) : value;
}

/** Whether the value stands in for a built-in. */
export function isReplacement(value: unknown): boolean {
  return typeof value === "function" && originals.has(value);
}
