// Browser compatible.
import type { V8Answers } from "../../host/v8_answers.ts";
import { SafeWeakMap } from "../../tables/safe_collections.ts";
import { isStamped } from "./stamp.ts";

const { getPrototypeOf } = Reflect;
const ObjectPrototype: object = Object.prototype;

/** By prototype, as the first object that was looked at has them: to ask takes a list each time. */
const known = new SafeWeakMap<V8Answers, WeakMap<object, number>>();

/** How many private fields of the program's an object has, which no list of keys names. What stands for the tracker's mark is none. */
export function privateFields(object: object, answers: V8Answers): number {
  const prototype = getPrototypeOf(object);
  if (prototype === null || prototype === ObjectPrototype) return 0;
  let byPrototype = known.get(answers);
  if (byPrototype === undefined) {
    byPrototype = new SafeWeakMap<object, number>();
    known.set(answers, byPrototype);
  }
  let fields = byPrototype.get(prototype);
  if (fields === undefined) {
    fields = answers.privateFields(object) - (isStamped(object) ? 1 : 0);
    byPrototype.set(prototype, fields);
  }
  return fields;
}
