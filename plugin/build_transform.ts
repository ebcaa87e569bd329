// What all bundlers do with a module: instrument it, or make it start tracing.
import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, type BuiltCode, callOfStart, createBuildStep, pathOf } from "./build_step.ts";

const TRACKER_FILE = /^(.*?)(?:[\\/]dist)?[\\/]src[\\/]track[\\/]install(\.[jt]s)$/;
const OWN_ROOT: string = ownRoot(fileURLToPath(import.meta.url));

function ownRoot(file: string): string {
  return realpathSync(dirname(dirname(file))).replace(/[\\/]dist$/, "");
}

/** What the transform gives back; without a map: the text has no original. */
export type TransformedCode = BuiltCode | { code: string; map: null };

/** From a module's text and the bundler's name for it to what takes its place; null: it stays. */
export type Transform = (code: string, id: string) => TransformedCode | null;

/** The transform that all bundlers share. */
export function createTransform(options: BuildOptions): Transform {
  const step = createBuildStep(options);
  const start = callOfStart(options.start);
  return (code, id) => {
    const name = pathOf(id);
    if (name === null) return null;
    const own = start === null ? null : trackerExtension(name);
    // Relative, as bundlers resolve a package's own name in different ways, if at all.
    if (own !== null) return { code: `import { start } from "../../mod${own}";\n${start}`, map: null };
    return step({ name, source: code });
  };
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
