// Browser compatible.

/** @throws {TypeError} when the value is no function. */
export function checkFunction(name: string, fn: unknown): asserts fn is () => unknown {
  if (typeof fn !== "function") throw new TypeError(`${name}: expected a function to call, got ${typeof fn}`);
}

/**
 * @param least The smallest number that is allowed.
 * @throws {TypeError | RangeError} when the value is no whole number from there to a million.
 */
export function checkCount(name: string, option: string, value: unknown, least: number): void {
  const allowed = `${option} must be a whole number from ${least} to 1000000`;
  if (typeof value !== "number") throw new TypeError(`${name}: ${allowed}, got ${typeof value}`);
  if (!Number.isInteger(value) || value < least || value > 1e6)
    throw new RangeError(`${name}: ${allowed}, got ${value}`);
}

/** @throws {TypeError | RangeError} when the value is no share, 0 or more and below 1. */
export function checkShare(name: string, option: string, value: unknown): void {
  const allowed = `${option} must be a number from 0 to below 1`;
  if (typeof value !== "number") throw new TypeError(`${name}: ${allowed}, got ${typeof value}`);
  if (!(value >= 0 && value < 1)) throw new RangeError(`${name}: ${allowed}, got ${value}`);
}
