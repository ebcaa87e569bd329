import { initSync, parse } from "cjs-module-lexer";

/**
 * A note for the lexers of Node and Deno, which find a CommonJS module's names by the look of its text: as esbuild
 * does, the names stand in an assignment that never runs. `""` where nothing is exported by name.
 */
export function commonJsExports(code: string): string {
  if (!code.includes("exports")) return "";
  initSync();
  let names: string[];
  let again: string[];
  try {
    ({ exports: names, reexports: again } = parse(code));
  } catch {
    return ""; // Node's own copy of the lexer gives up on the same text
  }
  if (names.length === 0 && again.length === 0) return "";
  // The lexer gives up on a value that is no identifier.
  names = names.filter((name) => !isModifier(name, code));
  const parts = names.map((name) => `${JSON.stringify(name)}:exports`);
  for (const specifier of again) parts.push(`...require(${JSON.stringify(specifier)})`);
  return `0&&(module.exports={${parts.join(",")}});`;
}

/** The lexer takes the `get` of `module.exports = { get a() {…} }` for a name; those of Node and Deno do not. */
function isModifier(name: string, code: string): boolean {
  return /^(?:get|set|async)$/.test(name) && !new RegExp(`\\b${name}\\b["'\\]]*\\s*[,:}=(]`).test(code);
}
