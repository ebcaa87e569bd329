// Browser compatible.
import { SafeSet } from "../tables/safe_set.ts";

/**
 * What a built-in function gives, as far as it is new:
 *
 * - `value`: an object, or a string; what it holds is not new, or not looked at
 * - `pairs`: an array of new arrays of two
 * - `members`: an object whose properties hold new objects
 * - `groups`: a Map whose values are new objects
 * - `tree`: plain data through and through, of the function's own making
 * - `parsed`: the same, unless a second argument had a hand in it
 *
 * `later` before it: a promise of that.
 */
export type Result =
  | "value"
  | "pairs"
  | "members"
  | "groups"
  | "tree"
  | "parsed"
  | "later value"
  | "later tree";

/** Built-in functions of one object. */
export interface BuiltinFunctions {
  /** A module of Node's; null: the global object. */
  readonly module: string | null;
  /** From there to the object that has them; `%TypedArray%`, which has no other name. */
  readonly path: readonly string[];
  readonly result: Result;
  readonly names: readonly string[];
}

/**
 * A row of the tables: its texts are taken apart when this is loaded, as `split` may be the program's when tracing starts.
 *
 * @param owner A path from the global object, or from a module of Node's: `node:buffer.Buffer`.
 * @param names Of methods, separated by spaces.
 */
function row(owner: string, result: Result, names: string): BuiltinFunctions {
  const path = owner === "" ? [] : owner.split(".");
  const module = owner.startsWith("node:") ? path.shift()! : null;
  return { module, path, result, names: names.split(" ") };
}

/**
 * Functions that allocate, and are not wrapped where they are written. What a host does not have is passed over.
 *
 * Not here, with reasons that were measured (Node 26):
 * - `RegExp.prototype.exec`: engines have a quick way for regular expressions as long as it is their own. With a
 *   stand-in `replace` takes 14 times as long, `split` by a pattern 24 times, programs of other people's included.
 * - `slice`, `substring`, `trim`, `charAt`, `toLowerCase` … of strings: 15 ns each, in the innermost loops of parsers,
 *   and engines mostly give a view of the old string, or the string itself.
 * - `Array.prototype.values`, which `arguments` shares; `push` and the like, which are measured as growth.
 * - `Object.assign`, which gives its first argument.
 * - `ArrayBuffer.prototype.resize`: buffers that were seen are measured again at every snapshot.
 */
export const FUNCTIONS: readonly BuiltinFunctions[] = [
  row("Array", "value", "from of"),
  row("Array", "later value", "fromAsync"),
  row(
    "Array.prototype",
    "value",
    "map filter slice splice concat flat flatMap toSorted toReversed toSpliced with join",
  ),
  row(
    "Object",
    "value",
    "keys values fromEntries create getOwnPropertyNames getOwnPropertySymbols getOwnPropertyDescriptor",
  ),
  row("Object", "pairs", "entries"),
  row("Object", "members", "getOwnPropertyDescriptors groupBy"),
  row("Map", "groups", "groupBy"),
  row("Reflect", "value", "ownKeys getOwnPropertyDescriptor"),
  row("Set.prototype", "value", "union intersection difference symmetricDifference"),
  row("Iterator.prototype", "value", "toArray"),
  row("Function.prototype", "value", "bind"),
  row("JSON", "parsed", "parse"),
  row("JSON", "value", "stringify"),
  row("", "tree", "structuredClone"),
  row(
    "String.prototype",
    "value",
    "split match matchAll repeat padStart padEnd replace replaceAll normalize",
  ),
  row("%TypedArray%", "value", "from of"),
  row("%TypedArray%.prototype", "value", "slice map filter subarray toSorted toReversed with join"),
  row("Uint8Array", "value", "fromBase64 fromHex"),
  row("Uint8Array.prototype", "value", "toBase64 toHex"),
  row("ArrayBuffer.prototype", "value", "slice transfer transferToFixedLength"),
  row("SharedArrayBuffer.prototype", "value", "slice"),
  row("TextEncoder.prototype", "value", "encode"),
  row("TextDecoder.prototype", "value", "decode"),
  row("Blob.prototype", "later value", "arrayBuffer bytes text"),
  // Bun's own: files are Blobs.
  row("Blob.prototype", "later tree", "json"),
  row("node:buffer.Buffer", "value", "from alloc allocUnsafe allocUnsafeSlow concat copyBytesFrom of"),
  row("node:buffer.Buffer.prototype", "value", "subarray slice toString"),
  row("node:fs", "value", "readFileSync"),
];

/** The same, of owners that Node loads when they are first read, which takes long. */
export const DEFERRED_FUNCTIONS: readonly BuiltinFunctions[] = [
  row("Response.prototype", "later value", "arrayBuffer bytes text"),
  row("Response.prototype", "later tree", "json"),
  row("Request.prototype", "later value", "arrayBuffer bytes text"),
  row("Request.prototype", "later tree", "json"),
];

/**
 * Constructors that code which is not instrumented may call. Never `Promise`, `Object`, `Array`, `RegExp`, `Function` or
 * the errors: engines compare with their own (test262's hazards 19 and 20).
 */
export const CONSTRUCTORS: readonly string[] = (
  "Map Set WeakMap WeakSet WeakRef Date ArrayBuffer SharedArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray " +
  "Int16Array Uint16Array Int32Array Uint32Array BigInt64Array BigUint64Array Float16Array Float32Array Float64Array"
).split(" ");

/**
 * Those that commonly run the program's own code: callbacks, iterators, getters, `toJSON`. While it runs, no frame of the
 * tracker's is on the stack where the call is written in instrumented code. On V8 a call costs some 100 ns more, so that
 * those that rarely do are not here: `slice`, `concat`, `join`, `split` … Nor are those that hosts write in JavaScript.
 */
export const CALLING: SafeSet<string> = names(
  "from map filter flatMap toSorted values entries fromEntries groupBy toArray parse stringify structuredClone " +
    "replace replaceAll",
);

/** The same of constructors: they iterate over their argument. */
export const CALLING_CONSTRUCTORS: SafeSet<string> = names("Map Set WeakMap WeakSet");

function names(text: string): SafeSet<string> {
  return new SafeSet(text.split(" "));
}
