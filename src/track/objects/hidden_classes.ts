// Browser compatible.
import type { V8Answers } from "../../host/v8_answers.ts";
import { SafeMap } from "../../tables/safe_collections.ts";
import { SafeSet } from "../../tables/safe_set.ts";

const { getPrototypeOf } = Reflect;
const ObjectPrototype: object = Object.prototype;

/** So many prototypes, or so many objects with names of their own, a line may have before each counts. */
const USUAL = 4;

/**
 * Measured as growth of the heap, of classes with instances of 2 to 10 properties (Node 26.10), beyond what a class takes: what the prototype and the
 * list of properties need; for each property a hidden class (72) and its place in lists, some of which are copies with room for more.
 */
const FIRST = 128;
const EACH = 108;

/** A hidden class of one more property, and its list of properties. */
const FIRST_OWN = 80;

/** What a site's objects are. */
interface Line {
  objects: number;
  prototypes: number;
  /** Objects that had a name that none before them had. */
  named: number;
  readonly names: Set<string | symbol>;
  /** The one before. */
  last: object | null;
}

/**
 * Hidden classes that V8 makes for single objects: for a class's first instance one for each property, and so for an object with names of its own
 * (`{ [id]: … }`). As a rule they belong to the code; where a program makes classes again and again (`createLogger` of winston makes one for each
 * logger, and 2 KB of hidden classes), or names, they belong to what it makes.
 */
export class HiddenClasses {
  readonly #seen = new SafeSet<object>();
  readonly #lines = new SafeMap<number, Line>();

  /** Bytes that come with an object whose properties are no dictionary. */
  sizeFor(object: object, site: number, keys: readonly (string | symbol)[], answers: V8Answers): number {
    if (site === 0) return 0;
    let line = this.#lines.get(site);
    if (line === undefined) {
      line = { objects: 0, prototypes: 0, named: 0, names: new SafeSet(), last: null };
      this.#lines.set(site, line);
    }
    line.objects++;
    const last = line.last;
    line.last = object;
    if (last !== null && answers.hasSameShape(last, object)) return 0;
    return this.#ofPrototype(line, getPrototypeOf(object), keys.length) || ofNames(line, keys);
  }

  #ofPrototype(line: Line, prototype: object | null, properties: number): number {
    if (prototype === null || prototype === ObjectPrototype || this.#seen.has(prototype)) return 0;
    this.#seen.add(prototype);
    line.prototypes++;
    // One that stands for others stands for classes of theirs, where each has one of its own.
    return isOften(line.prototypes, line) ? FIRST + EACH * properties : 0;
  }
}

/** From the first name on that no object before had. */
function ofNames(line: Line, keys: readonly (string | symbol)[]): number {
  let first = keys.length;
  for (let i = keys.length - 1; i >= 0; i--) {
    if (line.names.has(keys[i])) continue;
    line.names.add(keys[i]);
    first = i;
  }
  if (first === keys.length) return 0;
  line.named++;
  return isOften(line.named, line) ? FIRST_OWN + EACH * (keys.length - first) : 0;
}

function isOften(times: number, { objects }: Line): boolean {
  return times > USUAL && times * 2 > objects;
}
