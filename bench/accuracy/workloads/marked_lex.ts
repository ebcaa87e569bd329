// marked turns a README into tokens that stay.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { lexer } from "marked";

export function run(): unknown {
  const path = fileURLToPath(new URL("../../README.md", import.meta.resolve("acorn")));
  const text = readFileSync(path.replace(/README\.md$/, "acorn/README.md"), "utf8");
  return Array.from({ length: 20 }, (_, i) => lexer(`# Copy ${i}\n\n${text}`));
}
