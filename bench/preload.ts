// How the benchmarks start a runtime.
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A runtime with the preload of this build, or alone: the program's path, and the arguments before the script. */
export function runtimeCommand(runtime: string, isPreloaded: boolean): [path: string, ...args: string[]] {
  const preload = (file: string, flag: string): string[] => (isPreloaded ? [flag, join(root, file)] : []);
  const path = join(root, "node_modules/.bin", runtime);
  switch (runtime) {
    case "deno":
      return [path, "run", "-A", "--no-check", ...preload("dist/plugin/register_node.js", "--preload")];
    case "bun":
      return [path, ...preload("plugin/register_bun.ts", "--preload")];
    default:
      return [path, ...preload("dist/plugin/register_node.js", "--import")];
  }
}
