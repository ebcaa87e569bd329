import { UsageError } from "../cli_error.ts";
import { didYouMean } from "../nearest.ts";

/** An argument of a tool: what its caller is told of it, and how its value is read. */
export interface Parameter<T> {
  /** JSON schema. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Without one the argument is required. */
  readonly fallback?: T;
  /** @throws {string} what is allowed, where the value is not. */
  readonly read: (value: unknown) => T;
}

export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** What is read of the arguments. */
export type Values<P extends Parameters> = { readonly [K in keyof P]: ReturnType<P[K]["read"]> };

/** Longer than any path or pattern that means something. */
const MAX_TEXT = 4096;
const MAX_LIST = 16;

function text(value: unknown): string {
  if (typeof value === "string" && value !== "" && value.length <= MAX_TEXT && !value.includes("\0"))
    return value;
  throw `a text of 1 to ${MAX_TEXT} characters`;
}

function list(value: unknown, least: number): string[] {
  const values = typeof value === "string" ? [value] : value;
  if (!Array.isArray(values) || values.length < least || values.length > MAX_LIST)
    throw `a list of ${least} to ${MAX_LIST} texts`;
  return values.map(text);
}

/** The name of a file. */
export function fileName(description: string): Parameter<string> {
  return { schema: { type: "string", description }, read: text };
}

/** The name of a file, which may be left out. */
export function optionalFile(description: string): Parameter<string | null> {
  return { schema: { type: "string", description }, fallback: null, read: text };
}

/** Names of files. */
export function fileNames(description: string, least: number): Parameter<string[]> {
  const items = { type: "string" };
  return {
    schema: { type: "array", items, minItems: least, maxItems: MAX_LIST, description },
    read: (value) => list(value, least),
  };
}

/** Patterns for file names; none, unless told. */
export function patterns(description: string): Parameter<string[]> {
  return {
    schema: { type: "array", items: { type: "string" }, maxItems: MAX_LIST, description },
    fallback: [],
    read: (value) => list(value, 0),
  };
}

/** One of several words. */
export function choice<T extends string>(
  description: string,
  allowed: readonly T[],
  fallback: T,
): Parameter<T> {
  return {
    schema: { type: "string", enum: allowed, default: fallback, description },
    fallback,
    read: (value) => {
      const found = allowed.find((one) => one === value);
      if (found === undefined) throw `one of ${allowed.join(", ")}`;
      return found;
    },
  };
}

/** A number from `least` to `most`; whole, unless `fraction`. */
export function number<F extends number | null>(
  description: string,
  {
    least,
    most,
    fallback,
    fraction = false,
  }: { least: number; most: number; fallback: F; fraction?: boolean },
): Parameter<number | F> {
  const type = fraction ? "number" : "integer";
  const schema = { type, minimum: least, maximum: most, ...(fallback !== null && { default: fallback }) };
  return {
    schema: { ...schema, description },
    fallback,
    read: (value) => {
      const isOne =
        typeof value === "number" && (fraction ? Number.isFinite(value) : Number.isInteger(value));
      if (isOne && value >= least && value <= most) return value;
      throw `${fraction ? "a number" : "a whole number"} from ${least} to ${most}`;
    },
  };
}

/** Yes or no; no, unless told. */
export function flag(description: string): Parameter<boolean> {
  return {
    schema: { type: "boolean", default: false, description },
    fallback: false,
    read: (value) => {
      if (typeof value !== "boolean") throw "true or false";
      return value;
    },
  };
}

/** The JSON schema of a tool's arguments. */
export function schemaOf(parameters: Parameters): {
  type: "object";
  properties: Record<string, object>;
  required: string[];
  additionalProperties: false;
} {
  const entries = Object.entries(parameters);
  return {
    type: "object",
    properties: Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])),
    required: entries.filter(([, one]) => !("fallback" in one)).map(([name]) => name),
    additionalProperties: false,
  };
}

/**
 * Reads what a tool was called with.
 *
 * @throws {UsageError} where an argument is missing, unknown, or not allowed.
 */
export function readArguments<P extends Parameters>(
  parameters: P,
  given: Readonly<Record<string, unknown>>,
): Values<P> {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(parameters, name))
      throw new UsageError(`unknown argument ${name}${didYouMean(name, Object.keys(parameters))}`);
  }
  const values = Object.entries(parameters).map(([name, parameter]) => {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined || value === null) {
      if (!("fallback" in parameter)) throw new UsageError(`the argument ${name} is missing`);
      return [name, parameter.fallback];
    }
    try {
      return [name, parameter.read(value)];
    } catch (allowed) {
      if (typeof allowed !== "string") throw allowed;
      throw new UsageError(`${name} must be ${allowed}, not ${shown(value)}`);
    }
  });
  return Object.fromEntries(values) as Values<P>;
}

function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 80 ? `${json.slice(0, 80)}…` : json;
}
