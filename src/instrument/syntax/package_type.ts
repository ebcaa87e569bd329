import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const known = new Map<string, string>();

/** The `"type"` of the nearest package.json: `"module"`, `"commonjs"`, or `""` where it says neither. */
export function packageType(filename: string): string {
  const folder = dirname(filename);
  let type = known.get(folder);
  if (type === undefined) known.set(folder, (type = typeIn(folder)));
  return type;
}

function typeIn(folder: string): string {
  try {
    const { type } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { type?: unknown };
    return type === "module" || type === "commonjs" ? type : "";
  } catch {
    const parent = dirname(folder);
    // A package ends at `node_modules`.
    return parent === folder || basename(folder) === "node_modules" ? "" : packageType(folder);
  }
}
