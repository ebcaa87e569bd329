// Browser compatible.
import { SafeSet } from "./safe_set.ts";

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
  /** A path from the global object; `%TypedArray%`; or a module of Node's and a path in it: `node:fs`, `node:buffer Buffer`. */
  readonly owner: string;
  readonly result: Result;
  /** Names of methods, separated by spaces. */
  readonly names: string;
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
  { owner: "Array", result: "value", names: "from of" },
  { owner: "Array", result: "later value", names: "fromAsync" },
  {
    owner: "Array.prototype",
    result: "value",
    names: "map filter slice splice concat flat flatMap toSorted toReversed toSpliced with join",
  },
  {
    owner: "Object",
    result: "value",
    names:
      "keys values fromEntries create getOwnPropertyNames getOwnPropertySymbols getOwnPropertyDescriptor",
  },
  { owner: "Object", result: "pairs", names: "entries" },
  { owner: "Object", result: "members", names: "getOwnPropertyDescriptors groupBy" },
  { owner: "Map", result: "groups", names: "groupBy" },
  { owner: "Reflect", result: "value", names: "ownKeys getOwnPropertyDescriptor" },
  { owner: "Set.prototype", result: "value", names: "union intersection difference symmetricDifference" },
  { owner: "Iterator.prototype", result: "value", names: "toArray" },
  { owner: "Function.prototype", result: "value", names: "bind" },
  { owner: "JSON", result: "parsed", names: "parse" },
  { owner: "JSON", result: "value", names: "stringify" },
  { owner: "", result: "tree", names: "structuredClone" },
  {
    owner: "String.prototype",
    result: "value",
    names: "split match matchAll repeat padStart padEnd replace replaceAll normalize",
  },
  { owner: "%TypedArray%", result: "value", names: "from of" },
  {
    owner: "%TypedArray%.prototype",
    result: "value",
    names: "slice map filter subarray toSorted toReversed with join",
  },
  { owner: "Uint8Array", result: "value", names: "fromBase64 fromHex" },
  { owner: "Uint8Array.prototype", result: "value", names: "toBase64 toHex" },
  { owner: "ArrayBuffer.prototype", result: "value", names: "slice transfer transferToFixedLength" },
  { owner: "SharedArrayBuffer.prototype", result: "value", names: "slice" },
  { owner: "TextEncoder.prototype", result: "value", names: "encode" },
  { owner: "TextDecoder.prototype", result: "value", names: "decode" },
  { owner: "Blob.prototype", result: "later value", names: "arrayBuffer bytes text" },
  // Bun's own: files are Blobs.
  { owner: "Blob.prototype", result: "later tree", names: "json" },
  {
    owner: "node:buffer Buffer",
    result: "value",
    names: "from alloc allocUnsafe allocUnsafeSlow concat copyBytesFrom of",
  },
  { owner: "node:buffer Buffer.prototype", result: "value", names: "subarray slice toString" },
  { owner: "node:fs", result: "value", names: "readFileSync" },
];

/** The same, of owners that Node loads when they are first read, which takes long. */
export const LATE_FUNCTIONS: readonly BuiltinFunctions[] = [
  { owner: "Response.prototype", result: "later value", names: "arrayBuffer bytes text" },
  { owner: "Response.prototype", result: "later tree", names: "json" },
  { owner: "Request.prototype", result: "later value", names: "arrayBuffer bytes text" },
  { owner: "Request.prototype", result: "later tree", names: "json" },
];

/**
 * Constructors that code which is not instrumented may call. Never `Promise`, `Object`, `Array`, `RegExp`, `Function` or
 * the errors: engines compare with their own (test262's hazards 19 and 20).
 */
export const CONSTRUCTORS: readonly string[] = [
  "Map",
  "Set",
  "WeakMap",
  "WeakSet",
  "WeakRef",
  "Date",
  "ArrayBuffer",
  "SharedArrayBuffer",
  "DataView",
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "BigInt64Array",
  "BigUint64Array",
  "Float16Array",
  "Float32Array",
  "Float64Array",
];

/**
 * Those that commonly run the program's own code: callbacks, iterators, getters, `toJSON`. While it runs, no frame of the
 * tracker's is on the stack where the call is written in instrumented code. On V8 a call costs some 100 ns more, so that
 * those that rarely do are not here: `slice`, `concat`, `join`, `split` … Nor are those that hosts write in JavaScript.
 */
export const CALLING: ReadonlySet<string> = names(
  "from map filter flatMap toSorted values entries fromEntries groupBy toArray parse stringify structuredClone " +
    "replace replaceAll",
);

/** The same of constructors: they iterate over their argument. */
export const CALLING_CONSTRUCTORS: ReadonlySet<string> = names("Map Set WeakMap WeakSet");

function names(text: string): ReadonlySet<string> {
  return new SafeSet(text.split(" "));
}
