// Browser compatible.

import type { V8Answers } from "../../host/v8_answers.ts";
import {
  closureCount,
  functionUses,
  IS_CONSTRUCTED,
  SHOWS_PROTOTYPE,
} from "../../sites/closure_parameter.ts";
import { KIND_CLASS, KIND_CLOSURE } from "../../vocabulary/kind_numbers.ts";
import { sizes } from "../sizes/size.ts";
import {
  arraySize,
  givenKeys,
  givenSize,
  isSparse,
  type Measured,
  namesOfTable,
  propertiesSize,
  sparseSize,
  tableSize,
  weakSize,
} from "./answered_size.ts";
import { classSize, prototypeSize } from "./class_size.ts";
import {
  arraySizeNow,
  backingSizeOf,
  type Contents,
  parameterOf,
  propertiesWritten,
  shapeSizeNow,
  sizesOfGrown,
} from "./contents.ts";
import { sizeOfMap, sizeOfSet } from "./shape.ts";

const { ownKeys } = Reflect;
/**
 * The size of `contentsOf` without a look at what the object holds: that can be taken while the program runs. Pages do without.
 *
 * @param answers What the engine tells of how it keeps what the object has; null: it is taken to have grown as objects do.
 * @returns Bytes; 0: nothing is known of it. Of a function, a class or an error: how much more it takes than when it was made.
 */
export function sizeNow(object: object, measured: Measured, answers: V8Answers | null): Contents["size"] {
  const size = measure(object, measured, answers);
  const { holder } = measured.initial;
  return (holder === "Map" || holder === "Set") && answers !== null
    ? size + namesOfTable(object, answers)
    : size;
}

function measure(object: object, measured: Measured, answers: V8Answers | null): number {
  const { initial, site } = measured;
  switch (initial.holder) {
    case "store":
      return backingSizeOf(object);
    case "Array": {
      const array = object as readonly unknown[];
      if (answers !== null) return arraySize(array, measured, answers);
      if (isSparse(array, initial.length)) return sparseSize(array);
      return arraySizeNow(array.length, initial.length, site);
    }
    case "Map":
      return tableSize(sizeOfMap(object)!, "map", measured);
    case "Set":
      return tableSize(sizeOfSet(object)!, "set", measured);
    case "weak":
      return answers === null ? 0 : weakSize(object, answers);
    case "names": {
      if (answers === null) return 0;
      const ofClass = parameterOf(site, KIND_CLASS);
      if (ofClass !== null) {
        const functions = closureCount(ofClass);
        return classSize(object, functions, answers) - sizes.class(functions);
      }
      const given = givenKeys(object).length;
      const size = givenSize(object, given, answers);
      const uses = functionUses(parameterOf(site, KIND_CLOSURE) ?? 0);
      return (uses & SHOWS_PROTOTYPE) === 0
        ? size
        : size + prototypeSize(object, { given, isConstructed: (uses & IS_CONSTRUCTED) !== 0 }, answers);
    }
    case "properties": {
      if (answers !== null) return propertiesSize(object, ownKeys(object), { site, answers });
      const written = propertiesWritten(site);
      if (written === null) return shapeSizeNow(object);
      const { length } = ownKeys(object);
      // V8 makes a dictionary of a literal that has lost a property, with room for two more than it had.
      if (length < written && sizes.grown === null) return sizes.nullObject(written + 2);
      return sizesOfGrown().grownObject(written, length);
    }
  }
}
