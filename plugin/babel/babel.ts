// `tracemalloc/babel`: the transform as a Babel plugin.

import { type BuildOptions, type BuildStep, createBuildStep } from "../bundlers/build_step.ts";
import { warn } from "../preload/warn.ts";
import {
  createOtherParsers,
  type FileOptions,
  markAsOurs,
  type Parse,
  type ParserOptions,
  type ParserOverride,
  type Tree,
} from "./other_parsers.ts";
import { relocate } from "./positions.ts";

/** The part of Babel's plugin API that is used here. */
export interface BabelApi {
  caller?(read: (caller: { name?: string } | undefined) => boolean): boolean;
}

/** What Babel takes for a plugin. */
export interface BabelPlugin {
  name: string;
  manipulateOptions?(options: FileOptions, parserOptions: ParserOptions): void;
  /** Babel takes undefined, too, and parses the text itself then; its types do not say so. */
  parserOverride?(code: string, options: ParserOptions | undefined, parse: Parse): Tree;
}

/**
 * The Babel plugin: `plugins: ["tracemalloc/babel"]` or `["tracemalloc/babel", { exclude: ["node_modules"] }]`.
 *
 * The text is instrumented as the loaders do it, before any other plugin or preset sees it, and then parsed. Positions
 * in the tree are those of the text as it was written, so that Babel's own source map and messages stay right.
 *
 * @param options `include` and `exclude`: globs, as in `TRACEMALLOC_INCLUDE`. Default: every file that Babel is given.
 * @throws {TypeError} when an option is no array of globs.
 */
function tracemalloc(api: BabelApi, options: Pick<BuildOptions, "include" | "exclude"> = {}): BabelPlugin {
  const isJest = api.caller?.((caller) => caller?.name === "babel-jest") === true;
  const step = createBuildStep({ ...options, tracker: null, inContext: isJest });
  // A linter wants to see the text as it is.
  if (api.caller?.((caller) => caller?.name?.includes("eslint") === true) === true)
    return { name: "tracemalloc" };
  const others = createOtherParsers();
  let warned = false;
  const parserOverride: ParserOverride = (code, parserOptions, parse) => {
    const name = nameOf(parserOptions);
    if (!step.selects(name)) return undefined;
    const other = others.find(code, parserOptions, parse);
    if (other === null) return parseInstrumented(step, { code, parserOptions, parse });
    // React Native alone has hundreds of such files.
    if (!warned) warn(`tracemalloc: not instrumented: ${name}, and all other files that "${other}" parses`);
    warned = true;
    return undefined;
  };
  markAsOurs(parserOverride);
  return {
    name: "tracemalloc",
    manipulateOptions: others.remember,
    parserOverride: parserOverride as Required<BabelPlugin>["parserOverride"],
  };
}

// Babel takes a plugin by its module's default export.
// biome-ignore lint/style/noDefaultExport: see above
export default tracemalloc;

function nameOf({ sourceFileName, sourceFilename }: ParserOptions): string {
  const name = typeof sourceFileName === "string" ? sourceFileName : sourceFilename;
  return typeof name === "string" ? name : "unknown";
}

function parseInstrumented(
  step: BuildStep,
  { code, parserOptions, parse }: { code: string; parserOptions: ParserOptions; parse: Parse },
): Tree | undefined {
  const { sourceType } = parserOptions;
  const name = nameOf(parserOptions);
  const built = step({
    name,
    source: code,
    format: sourceType === "module" || sourceType === "commonjs" ? sourceType : "unambiguous",
  });
  // Babel then parses the text itself.
  if (built === null) return undefined;
  let tree: Tree;
  try {
    tree = parse(built.code, parserOptions);
  } catch (error) {
    // Either the text is wrong, and Babel says so about the text itself; or Babel reads a syntax in another way.
    const untouched = parse(code, parserOptions);
    warn(`tracemalloc: not instrumented: ${name}: ${error instanceof Error ? error.message : String(error)}`);
    return untouched;
  }
  relocate(tree, { ...built, original: code });
  return tree;
}
