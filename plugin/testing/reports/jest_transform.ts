// `transform: { "\\.tsx?$": ["tracemalloc/jest-transform", { transformer: "ts-jest" }] }`: instruments what another transform has made.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transformFingerprint } from "../../../src/instrument/cache/fingerprint.ts";
import type { InputMap } from "../../../src/instrument/maps/input_map.ts";
import { sourceNamer } from "../../../src/instrument/maps/source_name.ts";
import { describe } from "../../../src/vocabulary/start_options.ts";
import { type BuildOptions, type BuildStep, createBuildStep } from "../../bundlers/build_step.ts";

/** What the transform takes. */
export interface JestTransformOptions extends Pick<BuildOptions, "include" | "exclude"> {
  /** The transform that makes JavaScript of a file: `"ts-jest"`, `"@swc/jest"`, `"babel-jest"`, or a path. */
  readonly transformer: string;
  /** Its options. */
  readonly options?: unknown;
}

/** What a transform of Jest's gives. */
export interface TransformedSource {
  code: string;
  map?: unknown;
}

type Args = [source: string, path: string, options: object];

/** The part of Jest's transforms that is used here. */
export interface JestTransformer {
  canInstrument?: boolean;
  getCacheKey?(...args: Args): string;
  getCacheKeyAsync?(...args: Args): Promise<string>;
  process?(...args: Args): TransformedSource | string;
  processAsync?(...args: Args): Promise<TransformedSource | string>;
}

/**
 * Builds the transform: the other one first, then our own, by its source map, so that lines are those of the file.
 *
 * @throws {TypeError} when an option is not what it should be.
 */
export async function createTransformer(config?: JestTransformOptions): Promise<JestTransformer> {
  const { transformer, options, include = [], exclude = [] } = config ?? ({} as JestTransformOptions);
  if (typeof transformer !== "string")
    throw new TypeError(
      `tracemalloc/jest-transform: transformer must name another transform, such as "ts-jest", got ${describe(transformer)}`,
    );
  const inner = await load(transformer, options);
  const step = createBuildStep({ include, exclude, tracker: null, inContext: true, chainMap: true });
  const own = JSON.stringify([transformFingerprint(), transformer, options ?? null, include, exclude]);
  const innerOptions = (given: object): object => ({ ...given, transformerConfig: options ?? {} });
  const keyOf = (key: string | undefined, [source, path, given]: Args): string =>
    hash([own, key ?? hash([source, path, (given as { configString?: string }).configString ?? ""])]);
  const made: JestTransformer = {
    canInstrument: inner.canInstrument ?? false,
    getCacheKey: (...args) => keyOf(inner.getCacheKey?.(args[0], args[1], innerOptions(args[2])), args),
  };
  if (inner.process !== undefined)
    made.process = (source, path, given) =>
      instrumented(step, path, inner.process!(source, path, innerOptions(given)));
  if (inner.processAsync !== undefined)
    made.processAsync = async (source, path, given) =>
      instrumented(step, path, await inner.processAsync!(source, path, innerOptions(given)));
  if (inner.getCacheKeyAsync !== undefined)
    made.getCacheKeyAsync = async (...args) =>
      keyOf(await inner.getCacheKeyAsync!(args[0], args[1], innerOptions(args[2])), args);
  return made;
}

const factory: { createTransformer: typeof createTransformer } = { createTransformer };
// Jest takes a transform by its module's default export.
// biome-ignore lint/style/noDefaultExport: see above
export default factory;

/** As Jest itself does it; names are the project's. */
async function load(name: string, options: unknown): Promise<JestTransformer> {
  const path = createRequire(join(process.cwd(), "package.json")).resolve(name);
  const module = (await import(pathToFileURL(path).href)) as { default?: unknown };
  const candidates = [module, module.default, (module.default as { default?: unknown } | undefined)?.default];
  for (const one of candidates as ({ createTransformer?(options: unknown): unknown } | undefined)[])
    if (typeof one?.createTransformer === "function")
      return (await one.createTransformer(options)) as JestTransformer;
  for (const one of candidates as (JestTransformer | undefined)[])
    if (typeof one?.process === "function" || typeof one?.processAsync === "function") return one;
  throw new TypeError(`tracemalloc/jest-transform: ${name} is no transform for Jest: ${path}`);
}

function instrumented(step: BuildStep, path: string, result: TransformedSource | string): TransformedSource {
  const made = typeof result === "string" ? { code: result } : result;
  const inputMap = mapOf(made, path);
  const built = step({ name: path, source: made.code, ...(inputMap === null ? {} : { inputMap }) });
  return built ?? made;
}

/** Null: it is in the code, or there is none. */
function mapOf({ code, map }: TransformedSource, path: string): InputMap | null {
  if (map === undefined || map === null || map === "") return null;
  const text = typeof map === "string" ? map : JSON.stringify(map);
  return { text, nameOf: sourceNamer(path), characters: code.length, inner: new Map() };
}

function hash(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 32);
}
