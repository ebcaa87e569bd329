// Browser compatible.

/**
 * What a site does: the vocabulary that the transform, the tracker and the reports share. The numbers are part of
 * the payload that instrumented code carries, so they are only ever added to.
 */
export const Kind = {
  /** A call, `new` without a result that can be new, `await` or `yield`: a place in a traceback, no allocation. */
  call: 0,
  /** `{…}` whose properties can be counted in the source. Parameter: their number. */
  object: 1,
  /** `[…]` without spread. Parameter: its length, negative where all elements are constants. */
  array: 2,
  /**
   * A function or arrow expression, or a function declaration when its scope is entered. Parameter
   * (`sites/closure_parameter.ts`): 1 or more if it has a `prototype`, with the contexts that are charged to it.
   */
  closure: 3,
  /** A class. Parameter: the number of its methods and of the function that fills its fields, each of which is a closure, with the contexts. */
  class: 4,
  /** A regular expression literal. */
  regexp: 5,
  /** A template literal or a concatenation: a string. */
  string: 6,
  /** `new X(…)`, or a call of a constructor that gives a new object too (`Array(3)`). Parameter: 1 if it has no arguments. */
  construct: 7,
  /**
   * `{...a}`, `{[k]: v}` or a rest property: an object whose properties are only known when it is there. Parameter: how many it has places for from the
   * start; 0: it is filled one by one; -1: as many as the object that is copied first.
   */
  objectCopy: 8,
  /** `[...a]`, a rest element or a rest parameter: an array whose length is only known when it is there. */
  arrayCopy: 9,
  /** A JSX element or fragment. */
  jsx: 10,
  /** The start of a function's body: its line is where the function is declared. */
  entry: 11,
} as const;

/** One of the numbers of `Kind`. */
export type Kind = (typeof Kind)[keyof typeof Kind];
