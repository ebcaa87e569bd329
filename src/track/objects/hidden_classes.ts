// Browser compatible.
import { SafeMap } from "../../tables/safe_collections.ts";
import { SafeSet } from "../../tables/safe_set.ts";

const { getPrototypeOf } = Object;
const ObjectPrototype: object = Object.prototype;

/** Of so many prototypes a line's objects may be before each counts. */
const USUAL = 4;

/**
 * Measured as growth of the heap, of classes with instances of 2 to 10 properties (Node 26.10): the first hidden class, what the prototype and the
 * list of properties need; for each property a hidden class (72) and its place in lists, some of which are copies with room for more.
 */
const FIRST = 200;
const EACH = 108;

/**
 * Hidden classes that V8 makes for a class's first instance, one for each property. As a rule they belong to the code; where a program makes classes
 * again and again (`createLogger` of winston makes one for each logger, and 2 KB of hidden classes), they belong to what it makes.
 */
export class HiddenClasses {
  readonly #seen = new SafeSet<object>();
  /** By site. */
  readonly #lines = new SafeMap<number, Line>();

  /** Bytes that come with an object of so many properties, if no object with its prototype has been seen. */
  sizeFor(object: object, site: number, properties: number): number {
    const prototype = getPrototypeOf(object) as object | null;
    if (site === 0 || prototype === null || prototype === ObjectPrototype) return 0;
    let line = this.#lines.get(site);
    if (line === undefined) this.#lines.set(site, (line = { objects: 0, prototypes: 0 }));
    line.objects++;
    if (this.#seen.has(prototype)) return 0;
    this.#seen.add(prototype);
    line.prototypes++;
    // One that stands for others stands for classes of theirs, where each has one of its own.
    const isOften = line.prototypes > USUAL && line.prototypes * 2 > line.objects;
    return isOften ? FIRST + EACH * properties : 0;
  }
}

/** What a site's objects are. */
interface Line {
  objects: number;
  prototypes: number;
}
