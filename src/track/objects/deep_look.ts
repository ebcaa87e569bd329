// Browser compatible.
import { askV8, type V8Answers } from "../../host/v8_answers.ts";
import { append } from "../../tables/safe_collections.ts";
import { sizes } from "../sizes/size.ts";
import { bytesOf } from "../sizes/size_primitives.ts";
import { givenKeys, type Measured } from "./answered_size.ts";
import {
  add,
  addElements,
  addMap,
  addProperties,
  addSet,
  type Contents,
  type SeenStrings,
  strideOf,
} from "./contents.ts";
import { HiddenClasses } from "./hidden_classes.ts";
import { sizeOfMap, sizeOfSet } from "./shape.ts";
import { sizeNow } from "./size_now.ts";
import { StringCopies } from "./string_copies.ts";

const { ownKeys } = Reflect;
const getDescriptor = Object.getOwnPropertyDescriptor;

/** What a look at many objects has seen so far. */
export interface DeepLook {
  /** Null where the engine tells nothing. */
  readonly answers: V8Answers | null;
  readonly strings: StringCopies;
  readonly classes: HiddenClasses;
}

/** Begins to look at what objects hold, which must end with the present job. */
export function deepLook(): DeepLook {
  const answers = askV8();
  return {
    answers,
    classes: new HiddenClasses(),
    strings: new StringCopies(answers),
  };
}

/**
 * `contentsOf` for a look that the engine helps with: how it keeps what the object has, and which equal strings are one. Runs no code of the
 * program either.
 */
export function deepContents(
  object: object,
  measured: Measured,
  { answers, strings, classes }: DeepLook,
): Contents {
  const contents: Contents = { size: sizeNow(object, measured, answers), strings: 0 };
  const treesBefore = strings.trees;
  strings.weight = 1;
  switch (measured.initial.holder) {
    case "Array":
      strings.weight = strideOf((object as readonly unknown[]).length);
      if (answers === null) addElements(object as readonly unknown[], contents, strings);
      else if (!answers.hasDoubleElements(object)) addAll(object as readonly unknown[], contents, strings);
      break;
    case "Map":
      strings.weight = strideOf(sizeOfMap(object)!);
      addMap(object as Map<unknown, unknown>, contents, strings);
      break;
    case "names": {
      const given = givenKeys(object);
      // What an error says it has from the start.
      if (typeof object !== "function") append(given, "message");
      addProperties(object, given, contents, strings);
      break;
    }
    case "Set":
      strings.weight = strideOf(sizeOfSet(object)!);
      addSet(object as Set<unknown>, contents, strings);
      break;
    case "properties": {
      const keys = ownKeys(object);
      strings.weight = strideOf(keys.length);
      addProperties(object, keys, contents, strings);
      if (answers === null) break;
      if (!answers.hasFastProperties(object)) addKeys(keys, contents, strings);
      else {
        const own = classes.sizeFor(object, measured.site, keys, answers);
        contents.size += own;
        // A name that no other object has is alive by this one.
        if (own > 0) addKeys(keys, contents, strings);
      }
    }
  }
  contents.strings += strings.trees - treesBefore;
  return contents;
}

/** Of elements that are not all numbers, and of which each number has a box of its own, unless it is a small integer. */
function addAll(array: readonly unknown[], contents: Contents, strings: SeenStrings): void {
  const stride = strideOf(array.length);
  for (let i = 0; i < array.length; i += stride)
    add(getDescriptor(array, i)?.value, stride, contents, strings);
}

/** A dictionary's keys: the program makes them while it runs. What is in the source counts once, wherever it stands first. */
function addKeys(keys: readonly (string | symbol)[], contents: Contents, strings: SeenStrings): void {
  const stride = strideOf(keys.length);
  for (let i = 0; i < keys.length; i += stride) {
    const key = keys[i];
    if (typeof key !== "string" || key.length === 0 || strings.has(key)) continue;
    strings.add(key);
    contents.strings += sizes.flatString(bytesOf(key)) * stride;
  }
}
