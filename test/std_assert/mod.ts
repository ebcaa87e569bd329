// The names and signatures of jsr:@std/assert over node:assert, for build machines that cannot reach JSR.
import assertNode from "node:assert/strict";

// A message of `undefined` that is passed on is an error of its own on Node 26, and hides the difference. (`never`:
// node's types have strings only in the overloads with arguments to format.)
function given(msg: string | undefined): [] | [never] {
  return msg === undefined || msg === "" ? [] : [msg as never];
}

export { AssertionError } from "node:assert";

/** Asserts that `expr` is truthy. */
export function assert(expr: unknown, msg = ""): asserts expr {
  assertNode.ok(expr, ...given(msg));
}

/** Asserts deep equality. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  assertNode.deepStrictEqual(actual, expected, ...given(msg));
}

/** Asserts that the two are not deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  assertNode.notDeepStrictEqual(actual, expected, ...given(msg));
}

/** Asserts identity (`Object.is`). */
export function assertStrictEquals<T>(actual: unknown, expected: T, msg?: string): asserts actual is T {
  assertNode.strictEqual(actual, expected, ...given(msg));
}

/** Asserts that `expr` is falsy. */
export function assertFalse(expr: unknown, msg = ""): void {
  assertNode.ok(!expr, ...given(msg));
}

/** Asserts that `actual` is neither null nor undefined. */
export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T> {
  assertNode.ok(actual !== null && actual !== undefined, ...given(msg));
}

/** Asserts that two numbers are within `tolerance` of each other. */
export function assertAlmostEquals(actual: number, expected: number, tolerance = 1e-7, msg?: string): void {
  assertNode.ok(
    Math.abs(actual - expected) <= tolerance,
    msg ?? `${actual} is not within ${tolerance} of ${expected}`,
  );
}

/** Asserts that `actual` matches `expected`. */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  assertNode.match(actual, expected, ...given(msg));
}

/** Asserts that `actual` contains `expected`. */
export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  assertNode.ok(
    actual.includes(expected),
    msg ?? `${JSON.stringify(actual)} does not include ${JSON.stringify(expected)}`,
  );
}

/** Asserts that `actual` is an instance of `expectedType`. */
export function assertInstanceOf<T>(
  actual: unknown,
  // biome-ignore lint/suspicious/noExplicitAny: std's own signature
  expectedType: abstract new (...args: any[]) => T,
  msg = "",
): asserts actual is T {
  assertNode.ok(actual instanceof expectedType, msg || `not an instance of ${expectedType.name}`);
}

/** Asserts that `fn` throws an `ErrorClass` whose message includes `msgIncludes`; gives the error back. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  // biome-ignore lint/suspicious/noExplicitAny: std's own signature
  ErrorClass?: abstract new (...args: any[]) => E,
  msgIncludes = "",
): E {
  try {
    fn();
  } catch (error) {
    return checked(error, ErrorClass, msgIncludes);
  }
  return assertNode.fail("expected the function to throw");
}

/** Asserts that the promise of `fn` rejects with an `ErrorClass` whose message includes `msgIncludes`. */
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  // biome-ignore lint/suspicious/noExplicitAny: std's own signature
  ErrorClass?: abstract new (...args: any[]) => E,
  msgIncludes = "",
): Promise<E> {
  try {
    await fn();
  } catch (error) {
    return checked(error, ErrorClass, msgIncludes);
  }
  return assertNode.fail("expected the promise to be rejected");
}

function checked<E extends Error>(
  error: unknown,
  // biome-ignore lint/suspicious/noExplicitAny: std's own signature
  ErrorClass: (abstract new (...args: any[]) => E) | undefined,
  msgIncludes: string,
): E {
  if (ErrorClass) assertInstanceOf(error, ErrorClass);
  assertNode.ok(error instanceof Error, `threw ${String(error)}, which is no Error`);
  if (msgIncludes) assertStringIncludes(error.message, msgIncludes);
  return error as E;
}
