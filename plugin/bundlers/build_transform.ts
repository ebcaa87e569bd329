// What all bundlers do with a module: instrument it, or make it start tracing.
import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, type BuiltCode, callOfStart, createBuildStep, pathOf } from "./build_step.ts";

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
  const replaces = start !== null || client !== null;
  return (code, id) => {
    const name = pathOf(id);
    if (name === null) return null;
    const own = replaces ? trackerExtension(name) : null;
    if (own !== null) return { code: trackerText({ extension: own, start, client }), map: null };
    return step({ name, source: code });
  };
}

/** Paths are relative, as bundlers resolve a package's own name in different ways, if at all. */
function trackerText(parts: { extension: string; start: string | null; client: string | null }): string {
  const { extension, start, client } = parts;
  const lines = [`import { installFileRegistry } from "./file_registry${extension}";`];
  if (start !== null) lines.push(`import { start } from "../../../mod${extension}";`);
  if (client !== null) lines.push(`import "../../../plugin/${client}${extension}";`);
  return [...lines, "installFileRegistry();", start ?? ""].join("\n");
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
