// Browser compatible.
import { isGiven } from "./given_flags.ts";
import { setV8Flag } from "./v8_flags.ts";

/** What V8 tells of a value, by the functions that its own tests are written with (`--allow-natives-syntax`). */
export interface V8Answers {
  // Objects must be no Proxies.
  /** Its named properties are no dictionary. */
  hasFastProperties(object: object): boolean;
  /** Its elements, which integer keys name, are a dictionary. */
  hasDictionaryElements(object: object): boolean;
  /** Numbers lie in the elements themselves. */
  hasDoubleElements(object: object): boolean;
  /** The elements belong to the code until somebody writes to them. */
  hasSharedElements(array: object): boolean;
  /** The names of its private fields (`#x`), as symbols that must not leave the look; those of all private methods of a class together are one. */
  privateNames(object: object): readonly symbol[];
  /** The entries of a WeakMap or WeakSet. */
  weakSize(collection: object): number;
  /** Whether two equal strings are one, and not two copies. */
  isSame(one: string, other: string): boolean;
  /** Whether a string's characters lie side by side: of one that was put together they do so only when somebody has read them. */
  isFlat(text: string): boolean;
  /** Whether two objects have one hidden class. */
  hasSameShape(one: object, other: object): boolean;
}

/**
 * Each in brackets, so that it is compiled now; and called once, so that it surely is. Names: V8's `src/runtime/runtime.h`; Node 22.18 (V8 12.4),
 * which lacks `%HasCowElements` and `%StringIsFlat`, to 26.10 (14.6) have them. Deno 2.9.6 takes the flag only from its command line. A wrong argument
 * ends the process.
 */
const TEXT = `
  const known = (name, value) => {
    try { const ask = new OwnFunction("o", "return %" + name + "(o)"); ask(value); return ask; } catch { return () => true; }
  };
  const answers = {
    hasFastProperties: ((o) => %HasFastProperties(o)),
    hasDictionaryElements: ((o) => %HasDictionaryElements(o)),
    hasDoubleElements: ((o) => %HasDoubleElements(o)),
    hasSharedElements: known("HasCowElements", list),
    privateNames: ((o) => %GetOwnPropertyKeys(o, 32)), // PRIVATE_NAMES_ONLY of src/objects/property-details.h
    weakSize: ((o) => %GetWeakCollectionSize(o)),
    isSame: ((a, b) => %IsSameHeapObject(a, b)),
    isFlat: known("StringIsFlat", text),
    hasSameShape: ((a, b) => %HaveSameMap(a, b)),
  };
  answers.hasFastProperties(answers);
  answers.hasDictionaryElements(answers);
  answers.hasDoubleElements(answers);
  answers.privateNames(answers);
  answers.weakSize(weak);
  answers.hasSameShape(weak, weak);
  return answers.isSame(text, text) ? answers : null;`;

const FLAG = "allow-natives-syntax";
/** Whoever has set it for the process keeps it. */
const IS_GIVEN = isGiven(FLAG);

const OwnFunction = Function;
const OwnWeakMap = WeakMap;

/**
 * Has V8 answer questions until the present job ends, and not longer: what it drops of functions that have not run for a while it could not compile
 * again without the flag. (Some 0.1 ms to ask for, 20 to 60 ns an answer.)
 *
 * @returns Null where it does not: another engine, a host that forbids flags (browsers) or code from strings.
 */
export function askV8(): V8Answers | null {
  if (!IS_GIVEN && !setV8Flag(`--${FLAG}`)) return null;
  try {
    return new OwnFunction("OwnFunction", "weak", "list", "text", TEXT)(
      OwnFunction,
      new OwnWeakMap(),
      [],
      "text",
    ) as V8Answers | null;
  } catch {
    return null; // an engine without these functions, or a host that forbids code from strings
  } finally {
    if (!IS_GIVEN) setV8Flag(`--no-${FLAG}`);
  }
}
