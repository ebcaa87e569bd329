import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(import.meta.url);

/** Whether this runs as TypeScript from the sources, rather than as compiled to `dist/`. */
export const fromSource: boolean = here.endsWith(".ts");

/** The folder of this package: `src/cli` lies in it, or in its `dist`. */
export const packageRoot: string = dirname(dirname(dirname(fromSource ? here : dirname(here))));

/** The version in package.json, or `unknown` in a copy that has none. */
export function packageVersion(): string {
  const file = join(packageRoot, "package.json");
  if (!existsSync(file)) return "unknown";
  const { version }: { version?: unknown } = JSON.parse(readFileSync(file, "utf8"));
  return String(version ?? "unknown");
}
