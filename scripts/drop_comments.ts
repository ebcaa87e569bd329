// Leaves comments out of the compiled code: they stand in its sources, which are in the package, too, and in declarations.
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { parse } from "@babel/parser";
import MagicString from "magic-string";

/**
 * Removes the comments that stand on lines of their own from dist/. Bundlers read some of the others (`@__PURE__`, `webpackIgnore`).
 *
 * @param root The repository, with a slash at its end.
 */
export function dropComments(root: string): void {
  for (const name of globSync("dist/{mod,src/**/*,plugin/**/*}.js", { cwd: root })) {
    const file = `${root}${name}`;
    const text = readFileSync(file, "utf8");
    const edited = new MagicString(text);
    for (const { start, end, value } of parse(text, { sourceType: "module" }).comments ?? []) {
      const lineStart = text.lastIndexOf("\n", start! - 1) + 1;
      const isAlone = /^\s*$/.test(text.slice(lineStart, start!)) && text[end!] === "\n";
      if (isAlone && !/^[!#]|@license|@preserve|@__|webpack|vite/.test(value))
        edited.remove(lineStart, end! + 1);
    }
    if (edited.hasChanged()) writeFileSync(file, edited.toString());
  }
}
