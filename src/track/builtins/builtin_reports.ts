// Browser compatible.
import type { Result } from "../../sites/builtin_tables.ts";
import type { BuiltinRecorder, BuiltinReport } from "../calls/recorder.ts";
import { isProxy } from "../objects/is_proxy.ts";
import { type Place, recordTree } from "../objects/tree.ts";
import { sizes } from "../sizes/size.ts";

const { ownKeys } = Reflect;
const getDescriptor = Object.getOwnPropertyDescriptor;
const { apply } = Reflect;
const forEachOfMap = Map.prototype.forEach;
const sizeOfMap = getDescriptor(Map.prototype, "size")!.get!;
const { isArray } = Array;
const PAIR = {
  type: "Array",
  // Known when tracing starts.
  get size(): number {
    return sizes.array(2);
  },
};

/**
 * What to do with each kind of result, when it is there. The containers are the function's own: plain data. Except that
 * what an announced call gave may have gone through somebody else's hands, who has a method of the same name.
 */
export const REPORTS: Readonly<Record<Result, BuiltinReport>> = {
  value: reportValue,
  "later value": reportValue,
  pairs(recorder, value, { path, site }) {
    recorder.builtinResult(value, path, site);
    if (!isArray(value) || isProxy(value)) return;
    for (let i = 0; i < value.length; i++)
      if (isArray(value[i])) recorder.builtinObject(value[i], path, site, PAIR);
  },
  members(recorder, value, { path, site }) {
    recorder.builtinResult(value, path, site);
    if (typeof value !== "object" || value === null || isProxy(value)) return;
    const keys = ownKeys(value);
    for (let i = 0; i < keys.length; i++)
      recorder.builtinResult(getDescriptor(value, keys[i])?.value, path, site);
  },
  groups(recorder, value, { path, site }) {
    recorder.builtinResult(value, path, site);
    if (isMap(value))
      apply(forEachOfMap, value, [(group: unknown) => recorder.builtinResult(group, path, site)]);
  },
  tree(recorder, value, place, argumentCount) {
    recordTree(recorder, value, place, { isPure: argumentCount < 2, isParsed: false });
  },
  "later tree": (recorder, value, place) =>
    // The host may have called a `JSON.parse` of the program's own.
    recordTree(recorder, value, place, { isPure: true, isParsed: false }),
  parsed(recorder, value, place, argumentCount) {
    recordTree(recorder, value, place, { isPure: argumentCount < 2, isParsed: argumentCount < 2 });
  },
};

function isMap(value: unknown): boolean {
  try {
    apply(sizeOfMap, value, []);
    return true;
  } catch {
    return false;
  }
}

function reportValue(recorder: BuiltinRecorder, value: unknown, { path, site }: Place): void {
  recorder.builtinResult(value, path, site);
}
