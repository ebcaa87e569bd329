// Browser compatible.

import { detectEngine } from "../../host/engine.ts";
import { closureCount, contextCount, contextSlots } from "../../sites/closure_parameter.ts";
import { floor } from "../../tables/own_math.ts";
import {
  KIND_ARRAY,
  KIND_CLASS,
  KIND_CLOSURE,
  KIND_OBJECT,
  KIND_REGEXP,
} from "../../vocabulary/kind_numbers.ts";
import { v8Model } from "./size_v8.ts";

/**
 * How many bytes the engine gives an object and what is the object's alone: elements, overflow properties, tables and
 * contexts. Not in it: what objects share (hidden classes, code, literals copied on write) and bytes outside the heap.
 * Where the figures come from: `docs/sizes.md`.
 */
export interface SizeModel {
  /** A literal with so many properties, as it is made. */
  object(properties: number): number;
  /** A copy (`{...a}`, `{a, ...rest}`, `JSON.parse`), or any object that was made with as many properties. */
  copiedObject(properties: number): number;
  /** `Object.create(null)`. */
  nullObject(properties: number): number;
  /** An instance with so many properties, of a class whose instances have room for `room` (0: not known). */
  instance(properties: number, room?: number): number;
  /** An array made with this length. */
  array(length: number): number;
  /** An array literal of constants: it shares its elements with the code until it is written to. */
  constantArray(length: number): number;
  /** A function object without its context; `isConstructor`: it has a `prototype`. */
  closure(isConstructor: boolean): number;
  /** The variables of a scope that inner functions use. */
  context(slots: number): number;
  class(methods: number): number;
  readonly regexp: number;
  /** A string that was built. */
  string(length: number): number;
  /** A flat string of so many bytes. */
  flatString(bytes: number): number;
  /** The box of a number in a property, where it does not lie in the slot itself. */
  readonly boxedNumber: number;
  /** Integers of so many bits lie in the slot. */
  readonly integerBits: number;
  map(size: number): number;
  set(size: number): number;
  readonly date: number;
  readonly promise: number;
  /** With the stack that it captures, of so many frames. */
  error(frames: number): number;
  readonly arrayBuffer: number;
  /** The view alone. */
  readonly typedArray: number;
  readonly dataView: number;
  /** Empty. */
  readonly weakMap: number;
  readonly weakSet: number;
  readonly weakRef: number;
  readonly finalizationRegistry: number;
  /** `new Number(1)` and the like. */
  readonly boxed: number;
  readonly proxy: number;
  /** What has grown; null: as on V8, in `size_grown.ts`. */
  readonly grown: GrownSizes | null;
}

/** How many bytes objects take that have grown after they were made: only snapshots ask. */
export interface GrownSizes {
  /** A literal written with `written` properties that has `properties` by now. */
  grownObject(written: number, properties: number): number;
  /** An array made with `made` elements that has grown to `length` by pushing. */
  grownArray(initial: number, length: number): number;
}

const engine = detectEngine();

/**
 * The model of the engine that runs this code: one object, so that compilers take it for constant. V8's until `useSizes`, which the other
 * engines wait for: most pages have need of no other.
 */
export const sizes: SizeModel = v8Model(engine === "v8-compressed" ? 4 : 8);

/** The engine that runs this code, where its model has yet to be given to `useSizes`. */
export const engineWithoutSizes: "jsc" | "spidermonkey" | null =
  engine === "jsc" || engine === "spidermonkey" ? engine : null;

/** Has objects measured by the model. */
export function useSizes(model: SizeModel): void {
  Object.assign(sizes, model);
}

/** The size that a site's kind and parameter alone give; 0: it has to be measured on the object. */
export function staticSize(kind: number, parameter: number, model: SizeModel = sizes): number {
  switch (kind) {
    case KIND_OBJECT:
      return model.object(parameter);
    case KIND_ARRAY:
      return parameter < 0 ? model.constantArray(-parameter) : model.array(parameter);
    case KIND_CLOSURE:
      return model.closure(closureCount(parameter) > 0) + contexts(parameter, model);
    case KIND_CLASS:
      return model.class(closureCount(parameter)) + contexts(parameter, model);
    case KIND_REGEXP:
      return model.regexp;
    default:
      return 0;
  }
}

/** The contexts that are charged to a closure, as if they were of one size. */
function contexts(parameter: number, model: SizeModel): number {
  const count = contextCount(parameter);
  if (count === 0) return 0;
  const slots = contextSlots(parameter);
  const each = floor(slots / count);
  return (count - 1) * model.context(each) + model.context(slots - (count - 1) * each);
}
