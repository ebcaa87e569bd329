// Browser compatible.
import type { V8Answers } from "../../host/v8_answers.ts";
import { SafeWeakMap } from "../../tables/safe_collections.ts";
import { stampedObject } from "./stamp.ts";

const { getPrototypeOf } = Reflect;
const ObjectPrototype: object = Object.prototype;

/** What is known while one look goes on. */
interface Known {
  /** By prototype, as the first object that was looked at has them: to ask takes a list each time. */
  readonly byPrototype: WeakMap<object, number>;
  /** The tracker's mark. */
  readonly mark: symbol | undefined;
}

const looks = new SafeWeakMap<V8Answers, Known>();

/**
 * How many private fields of the program's an object has, which no list of keys names. The tracker's mark is none. (To ask for it by `#x in object`
 * would change how V8 keeps the object, if it is a prototype.)
 */
export function privateFields(object: object, answers: V8Answers): number {
  const prototype = getPrototypeOf(object);
  if (prototype === null || prototype === ObjectPrototype) return 0;
  let known = looks.get(answers);
  if (known === undefined) {
    const mark = answers.privateNames(stampedObject())[0];
    looks.set(answers, (known = { byPrototype: new SafeWeakMap<object, number>(), mark }));
  }
  let fields = known.byPrototype.get(prototype);
  if (fields === undefined) {
    fields = count(answers.privateNames(object), known.mark);
    known.byPrototype.set(prototype, fields);
  }
  return fields;
}

function count(names: readonly symbol[], mark: symbol | undefined): number {
  let fields = 0;
  for (let i = 0; i < names.length; i++) if (names[i] !== mark) fields++;
  return fields;
}
