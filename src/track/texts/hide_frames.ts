// Browser compatible.
// In pages, `hide_frames_in_page.ts` takes its place ("browser" of package.json).

import { detectEngine } from "../../host/engine.ts";
import { SafeWeakSet } from "../../tables/safe_collections.ts";

/** Formats a stack; `theirs` is what the program's `Error.prepareStackTrace` is. */
type Prepare = (error: object, sites: readonly Site[], theirs: unknown) => unknown;

/** As much of V8's `CallSite` as is asked for; JavaScriptCore in Bun has the same. */
interface Site {
  getFileName(): string | null | undefined;
}

interface EngineError {
  captureStackTrace?: (error: object, above: Function) => void;
  prepareStackTrace?: unknown;
}

const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
const { filter, map, join } = Array.prototype;
const { endsWith, includes, replace, slice, split, startsWith } = String.prototype;
const { test } = RegExp.prototype;
const { isArray } = Array;
const ErrorOfHost = Error;
const { captureStackTrace } = Error as EngineError;
const errorToString = Error.prototype.toString;
const isJsc = detectEngine() === "jsc";

/** V8's own accessor of `stack`: formats the stack when it is first read. */
const native = getOwnPropertyDescriptor(new Error(), "stack");

/** Node formats through this function; Deno and browsers have none until the program sets one. */
const defaultPrepare: unknown = (Error as EngineError).prepareStackTrace;

/** The call that has failed: the stand-in, and what it was called with. */
export interface FailedCall {
  /** The function whose frame, and what is on top of it, is ours. */
  readonly standIn: Function;
  readonly self: unknown;
  readonly args: ArrayLike<unknown>;
}

/**
 * Takes the stand-ins' frames out of the stack of an error that leaves one: the program's line comes right below the
 * built-in function.
 *
 * On Node the stack stays unformatted until it is read, as the engine has it: the program may change the message, or its own
 * `Error.prepareStackTrace`, until then. Deno and Bun print uncaught errors from frames that no program reaches, so that there the
 * stack is captured anew, from below the stand-in; the built-in's own frame goes with it.
 */
export function hideFrames(error: unknown, call: FailedCall): void {
  if (typeof error !== "object" || error === null) return;
  try {
    if (ownFiles() === "") return;
    if (isJsc) hideInBun(error, call);
    else if (typeof defaultPrepare === "function") hideWhenRead(error);
    else hideInDeno(error, call.standIn);
  } catch {
    // Frozen, a Proxy, or no room on the stack: it stays as it is. The error itself is on its way to the program.
  }
}

/**
 * Throws what a stand-in has caught; the stand-in must `return` what this gives. Bun prints an uncaught error from where it was
 * thrown last: the engine's own function throws it, in calls that take the place of the stand-in's frame.
 */
export function throwAgain(error: unknown): never {
  if (!isJsc) throw error;
  return apply(throwInGenerator, emptyGenerator(), [error]) as never;
}

function* emptyGenerator(): Generator<never> {}
const throwInGenerator = (emptyGenerator.prototype as Generator).throw;

// ── which frames are ours ──

let files: string | null = null;

/** What the names of our files begin with; empty in bundles, where a file is the program's, too. */
function ownFiles(): string {
  if (files !== null) return files;
  // May throw where the stack is about to overflow: then nothing is known yet.
  const own = withPrepare(
    (_, sites) => sites[0]?.getFileName(),
    () => new ErrorOfHost().stack,
  );
  files = "";
  if (typeof own !== "string") return files;
  const place = "track/texts/hide_frames.ts"; // or .js
  if (apply(endsWith, own, [`/src/${place}`]) || apply(endsWith, own, ["/src/track/texts/hide_frames.js"]))
    files = apply(slice, own, [0, -place.length]) as string;
  // As Node has them (`scripts/join_modules.ts`).
  const joined = "tracing.js";
  if (apply(endsWith, own, [`/dist/node/${joined}`]))
    files = apply(slice, own, [0, -joined.length]) as string;
  return files;
}

function isOurs(site: Site): boolean {
  const file = site.getFileName();
  return typeof file === "string" && (apply(startsWith, file, [ownFiles()]) as boolean);
}

function withoutOurs(sites: readonly Site[]): readonly Site[] {
  return apply(filter, sites, [(site: Site) => !isOurs(site)]) as Site[];
}

/** Runs `work` while stacks are formatted by `prepare`. */
function withPrepare<T>(prepare: Prepare, work: () => T): T {
  const before = getOwnPropertyDescriptor(ErrorOfHost, "prepareStackTrace");
  const theirs: unknown = before?.value;
  const value = (error: object, sites: readonly Site[]): unknown => prepare(error, sites, theirs);
  if (isJsc) {
    // Bun hears of assignments alone.
    (ErrorOfHost as EngineError).prepareStackTrace = value;
  } else {
    defineProperty(ErrorOfHost, "prepareStackTrace", {
      ...{ __proto__: null, value, writable: true, enumerable: false, configurable: true },
    });
  }
  try {
    return work();
  } finally {
    if (isJsc) (ErrorOfHost as EngineError).prepareStackTrace = theirs;
    else if (before === undefined) deleteProperty(ErrorOfHost, "prepareStackTrace");
    else defineProperty(ErrorOfHost, "prepareStackTrace", before);
  }
}

/** As the program has it formatted, else as the engine does. */
function format(error: object, sites: readonly Site[], theirs: unknown): unknown {
  if (typeof theirs === "function") return apply(theirs, ErrorOfHost, [error, sites]);
  const lines = apply(map, sites, [(site: Site) => `\n    at ${site}`]);
  return `${apply(errorToString, error, [])}${apply(join, lines, [""])}`;
}

// ── Node ──

const accessor = {
  get stack(): unknown {
    const error = restored(this);
    return error === null ? undefined : formatted(error);
  },
  set stack(value: unknown) {
    restored(this);
    apply(native!.set!, this, [value]);
  },
};
const { get: readStack, set: writeStack } = getOwnPropertyDescriptor(accessor, "stack")!;

/** Puts an accessor in front of V8's, which is back as soon as somebody looks. */
function hideWhenRead(error: object): void {
  const own = getOwnPropertyDescriptor(error, "stack");
  if (own?.get === undefined || own.get !== native?.get || own.configurable !== true) return;
  defineProperty(error, "stack", { ...own, get: readStack!, set: writeStack! });
}

/** The object that has the accessor, with the engine's in its place again: the error, or what inherits from it was asked. */
function restored(object: object): object | null {
  for (let at: object | null = object; at !== null; at = getPrototypeOf(at)) {
    const own = getOwnPropertyDescriptor(at, "stack");
    if (own === undefined) continue;
    if (own.get === readStack) defineProperty(at, "stack", { ...own, get: native!.get!, set: native!.set! });
    return at;
  }
  return null;
}

function formatted(error: object): unknown {
  return withPrepare(
    // Without one the engine would format by itself: for whoever has deleted Node's own.
    (of, sites, theirs) => format(of, of === error ? withoutOurs(sites) : sites, theirs ?? defaultPrepare),
    () => apply(native!.get!, error, []),
  );
}

// ── Deno ──

function hideInDeno(error: object, standIn: Function): void {
  if (captureStackTrace === undefined) return;
  let isOnTop = false;
  const prepare: Prepare = (of, sites, theirs) => {
    const others = withoutOurs(sites);
    if (of === error && others.length < sites.length) isOnTop = !isProgramAbove(sites);
    return isOnTop ? "" : format(of, others, theirs);
  };
  const stack = withPrepare(prepare, () => (error as Error).stack);
  if (isOnTop) captureStackTrace(error, standIn);
  // Deno's own errors come with a stack that has been read. It indents with spaces, and names a file in each line.
  else if (typeof stack === "string") hideLines(error as Error, stack, standIn);
}

function hideLines(error: Error, stack: string, standIn: Function): void {
  const lines = apply(split, stack, ["\n"]) as string[];
  const others = apply(filter, lines, [(line: string) => !isFrameOfOurs(line)]) as string[];
  if (others.length === lines.length) return;
  // Uncaught, it is printed from frames that have been kept beside the text when that was made.
  if (!isProgramLineAbove(lines)) {
    captureStackTrace!(error, standIn);
    void error.stack;
  }
  error.stack = apply(join, others, ["\n"]) as string;
}

function isProgramLineAbove(lines: readonly string[]): boolean {
  for (let i = 0; i < lines.length; i++) {
    if (isFrameOfOurs(lines[i]!)) return false;
    if (apply(test, /^\s+at .*file:/, [lines[i]!])) return true;
  }
  return false;
}

function isFrameOfOurs(line: string): boolean {
  return apply(test, /^\s+at /, [line]) && (apply(includes, line, [ownFiles()]) as boolean);
}

/** Whether code of the program's stands above the first frame of ours: its frames must stay. */
function isProgramAbove(sites: readonly Site[]): boolean {
  for (let i = 0; i < sites.length; i++) {
    if (isOurs(sites[i]!)) return false;
    const file = sites[i]!.getFileName();
    if (typeof file === "string" && apply(test, /^(?:file:|\/|[a-z]:\\)/i, [file])) return true;
  }
  return false;
}

// ── Bun ──

/**
 * Once a stack has been read, Bun prints the error without any. So nothing is read: where no code of the program's can have
 * run in the call, all that stands above the program's line is the built-in function and ours.
 */
function hideInBun(error: object, { standIn, self, args }: FailedCall): void {
  if (captureStackTrace === undefined || !isInert(self)) return;
  for (let i = 0; i < args.length; i++) if (!isInert(args[i])) return;
  hideText(error);
  captureStackTrace(error, standIn);
}

const hostObjects = new SafeWeakSet<object>();
for (const name of "JSON Object Reflect Array Map Set Date String Buffer ArrayBuffer Uint8Array".split(" ")) {
  const value: unknown = getOwnPropertyDescriptor(globalThis, name)?.value;
  if (value !== undefined) hostObjects.add(value as object);
}

const MOST_ELEMENTS = 1000;

/** Whether a built-in function that gets the value finds no code of the program's in it. */
function isInert(value: unknown): boolean {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return true;
  if (hostObjects.has(value)) return true;
  if (!isArray(value) || value.length > MOST_ELEMENTS) return false;
  for (let i = 0; i < value.length; i++) {
    const element: unknown = getOwnPropertyDescriptor(value, i)?.value;
    if ((typeof element === "object" && element !== null) || typeof element === "function") return false;
  }
  return true;
}

/** JavaScriptCore quotes the text of the call that failed, which is ours. */
function hideText(error: object): void {
  const own = getOwnPropertyDescriptor(error, "message");
  if (typeof own?.value !== "string") return;
  const message: unknown = apply(replace, own.value, [OUR_TEXT, ""]);
  if (message !== own.value) defineProperty(error, "message", { ...own, value: message });
}

const OUR_TEXT = / \(evaluating '(?:(?:apply|construct)\((?:original|target), .*|new target\(.*)'\)$/s;
