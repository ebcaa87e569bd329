// What all bundlers do with a module: instrument it, or make it start tracing.
import { readFileSync, realpathSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, type BuiltCode, callOfStart, createBuildStep, pathOf } from "./build_step.ts";
import { isComponent } from "./components.ts";

const TRACKER_FILE = /^(.*?)(?:[\\/]dist)?[\\/]src[\\/]track[\\/]calls[\\/]install(\.[jt]s)$/;
const OWN_ROOT: string = ownRoot(fileURLToPath(import.meta.url));

function ownRoot(file: string): string {
  return realpathSync(dirname(dirname(dirname(file)))).replace(/[\\/]dist$/, "");
}

/** What the transform gives back; without a map: the text has no original. */
export type TransformedCode = BuiltCode | { code: string; map: null };

/** From a module's text and the bundler's name for it to what takes its place; null: it stays. */
export type Transform = (code: string, id: string) => TransformedCode | null;

/**
 * The transform that all bundlers share.
 *
 * @param client A module of `plugin/`, without its extension, that the tracker's module loads.
 */
export function createTransform(options: BuildOptions, client: string | null = null): Transform {
  const step = createBuildStep(options);
  const start = callOfStart(options.start);
  const hasCalls = options.calls ?? true;
  const replaces = start !== null || client !== null || !hasCalls;
  return (code, id) => {
    const name = pathOf(id);
    if (name === null || isComponent(name)) return null;
    const usual = hasCalls ? null : usualText(name);
    if (usual !== null) return { code: usual, map: null };
    const entry = entryInBundle(name);
    if (entry !== null) return { code: entry, map: null };
    const own = replaces ? trackerExtension(name) : null;
    if (own !== null) return { code: trackerText({ extension: own, start, client, hasCalls }), map: null };
    return step({ name, source: code });
  };
}

/**
 * Where "browser" of package.json has something smaller for pages: their code records its calls, as a rule. Pages whose code does not
 * get the whole.
 */
export const WITHOUT_CALLS: readonly string[] = [
  "src/recording/at_once",
  "src/recording/session_watch",
  "src/recording/start_session",
  "src/snapshot/take/by_path",
  "src/traces/session/modes",
  "src/track/calls/countdown_first",
];

const IN_PAGE = /_in_page(?=\.[jt]s$)/;

/** The text of the module that one of this very package for pages stands in for; null for all other files. */
function usualText(path: string): string | null {
  if (!IN_PAGE.test(path)) return null;
  const file = realpathSync(path).replace(IN_PAGE, "");
  const name = relative(OWN_ROOT, file).replaceAll("\\", "/");
  if (!WITHOUT_CALLS.includes(name.replace(/^dist\//, "").replace(/\.[jt]s$/, ""))) return null;
  return readFileSync(file, "utf8").replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
}

const NODE_ENTRY = /[\\/]dist[\\/]node[\\/]\w+\.js$/;

/**
 * The text of an entry of this very package that Node would load (`node` of `exports`), which a bundler may be told to take: it gets
 * the modules that all other bundles have, as the tracker does. Null for all other files.
 */
function entryInBundle(path: string): string | null {
  if (!NODE_ENTRY.test(path)) return null;
  const file = realpathSync(path);
  const { exports } = JSON.parse(readFileSync(`${OWN_ROOT}/package.json`, "utf8")) as {
    exports: Readonly<Record<string, { node?: string; default?: string }>>;
  };
  for (const { node, default: module } of Object.values(exports))
    if (node !== undefined && join(OWN_ROOT, node) === file)
      return `export * from ${JSON.stringify(module!.replace("./dist/", "../"))};`;
  return null;
}

/** Paths are relative, as bundlers resolve a package's own name in different ways, if at all. */
function trackerText(parts: {
  extension: string;
  start: string | null;
  client: string | null;
  hasCalls: boolean;
}): string {
  const { extension, start, client, hasCalls } = parts;
  const lines = [`import { installFileRegistry } from "./file_registry${extension}";`];
  if (start !== null) lines.push(`import { start } from "../../../mod${extension}";`);
  if (client !== null) lines.push(`import "../../../plugin/${client}${extension}";`);
  lines.push("installFileRegistry();");
  if (!hasCalls) {
    lines.push(`import { expectNoCalls } from "../../traces/paths/recorded_calls${extension}";`);
    lines.push("expectNoCalls();");
  }
  return [...lines, start ?? ""].join("\n");
}

/** The extension of the module that instrumented code loads first, in this very package; null for all other files. */
function trackerExtension(path: string): string | null {
  if (!TRACKER_FILE.test(path)) return null;
  try {
    const [, root, extension] = TRACKER_FILE.exec(realpathSync(path))!;
    return root === OWN_ROOT ? extension! : null;
  } catch {
    return null;
  }
}
