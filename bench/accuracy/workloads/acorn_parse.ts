// acorn parses its own source: an AST that stays.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "acorn";

export function run(): unknown {
  const source = readFileSync(fileURLToPath(import.meta.resolve("acorn")), "utf8");
  return parse(source, { ecmaVersion: "latest", sourceType: "module", locations: true });
}
