// Browser compatible.

/** What `start` takes. */
export interface StartOptions {
  /** The most frames that a traceback keeps: 1 to 65535. Default 1. */
  nframe?: number;
  /**
   * How it is known which objects are alive: `"exact"` knows it of each after `await collect()`, `"adaptive"` follows a
   * share of those of busy sites, a number one in so many bytes on average. Default `"exact"`.
   */
  sampling?: "exact" | "adaptive" | number;
  /** Whether built-in functions that allocate are watched. Default true. */
  builtins?: boolean;
  /**
   * Whether timers, listeners and suspended calls are counted, in domains of their own. Default true; without `builtins`, they are not.
   */
  resources?: boolean;
  /** Makes the choices of sampling repeatable: any 32-bit integer. */
  seed?: number;
}

/** Options that have been checked, with defaults in place. */
export type CheckedOptions = Required<Omit<StartOptions, "seed" | "resources">> & {
  seed: number | null;
  /** Default true. */
  resources?: boolean;
};

/** The most frames a traceback can keep, as in CPython. */
export const MAX_NFRAME = 65535;

/**
 * Checks what `start` was given.
 *
 * @throws {TypeError} on a value of the wrong type.
 * @throws {RangeError} on a value that is out of range.
 */
export function checkStartOptions(input: number | StartOptions | undefined): CheckedOptions {
  const options =
    input === undefined ? {} : typeof input === "object" && input !== null ? input : { nframe: input };
  const { nframe = 1, sampling = "exact", builtins = true, resources = true, seed = null } = options;
  checkNframe(nframe);
  checkSampling(sampling);
  if (typeof builtins !== "boolean") {
    throw new TypeError(`start: builtins must be true or false, got ${describe(builtins)}`);
  }
  if (typeof resources !== "boolean") {
    throw new TypeError(`start: resources must be true or false, got ${describe(resources)}`);
  }
  if (seed !== null) checkSeed(seed);
  return { nframe, sampling, builtins, resources, seed };
}

function checkNframe(nframe: unknown): void {
  const allowed = `an integer from 1 to ${MAX_NFRAME}`;
  if (typeof nframe !== "number") {
    throw new TypeError(`start: the number of frames must be ${allowed}, got ${describe(nframe)}`);
  }
  if (!Number.isInteger(nframe) || nframe < 1 || nframe > MAX_NFRAME) {
    throw new RangeError(`start: the number of frames must be ${allowed}, got ${nframe}`);
  }
}

function checkSampling(sampling: unknown): void {
  const allowed = '"exact", "adaptive" or a number of bytes, 1 or more';
  if (sampling === "exact" || sampling === "adaptive") return;
  if (typeof sampling === "string")
    throw new RangeError(`start: sampling must be ${allowed}, got ${describe(sampling)}`);
  if (typeof sampling !== "number")
    throw new TypeError(`start: sampling must be ${allowed}, got ${describe(sampling)}`);
  if (!Number.isFinite(sampling) || sampling < 1) {
    throw new RangeError(`start: sampling must be ${allowed}, got ${sampling}`);
  }
}

function checkSeed(seed: unknown): void {
  if (typeof seed !== "number")
    throw new TypeError(`start: seed must be a 32-bit integer, got ${describe(seed)}`);
  if (!Number.isInteger(seed) || seed < -(2 ** 31) || seed >= 2 ** 32) {
    throw new RangeError(`start: seed must be a 32-bit integer, got ${seed}`);
  }
}

/** A value as an error message shows it: short, and without running any code of the value's own. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (value === null) return "null";
  if (typeof value === "object" || typeof value === "function") return `a value of type ${typeof value}`;
  return String(value);
}
