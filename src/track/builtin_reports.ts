// Browser compatible.
import type { Result } from "../sites/builtin_tables.ts";
import type { Recorder } from "./recorder.ts";
import { sizes } from "./size.ts";
import { type Place, recordTree } from "./tree.ts";

/** Reports what a built-in function gave for so many arguments. */
export type Report = (recorder: Recorder, value: unknown, place: Place, argumentCount: number) => void;

const { ownKeys } = Reflect;
const getDescriptor = Object.getOwnPropertyDescriptor;
const { apply } = Reflect;
const forEachOfMap = Map.prototype.forEach;
const PAIR = { type: "Array", size: sizes.array(2) };

/** What to do with each kind of result, when it is there. The containers are the function's own: plain data. */
export const REPORTS: Readonly<Record<Result, Report>> = {
  value: reportValue,
  "later value": reportValue,
  pairs(recorder, value, { path, site }) {
    recorder.made(value, path, site);
    const pairs = value as readonly object[];
    for (let i = 0; i < pairs.length; i++) recorder.madeOf(pairs[i], path, site, PAIR);
  },
  members(recorder, value, { path, site }) {
    recorder.made(value, path, site);
    const keys = ownKeys(value as object);
    for (let i = 0; i < keys.length; i++)
      recorder.made(getDescriptor(value as object, keys[i])?.value, path, site);
  },
  groups(recorder, value, { path, site }) {
    recorder.made(value, path, site);
    apply(forEachOfMap, value, [(group: unknown) => recorder.made(group, path, site)]);
  },
  tree: (recorder, value, place) => recordTree(recorder, value, place, true),
  "later tree": (recorder, value, place) => recordTree(recorder, value, place, true),
  parsed: (recorder, value, place, argumentCount) => recordTree(recorder, value, place, argumentCount < 2),
};

function reportValue(recorder: Recorder, value: unknown, { path, site }: Place): void {
  recorder.made(value, path, site);
}
