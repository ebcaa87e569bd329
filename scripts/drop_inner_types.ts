// Removes the declarations in dist/ that no entry of the package leads to: more than half of all, which nobody can import.
import { existsSync, globSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** What `exports` has for an entry. */
type Target = string | { readonly types?: string };

/**
 * Keeps the declarations of the entries, and those that they import.
 *
 * @param root The repository, with a slash at its end.
 */
export function dropInnerTypes(root: string): void {
  const { exports } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as {
    exports: Record<string, Target>;
  };
  const open = Object.values(exports).flatMap((target) =>
    typeof target === "object" && target.types !== undefined ? [join(root, target.types)] : [],
  );
  const reached = new Set<string>();
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (reached.has(file)) continue;
    if (!existsSync(file)) throw new Error(`build: ${file} is missing, to which an entry's types lead`);
    reached.add(file);
    // Examples in comments import files of the reader's.
    const text = readFileSync(file, "utf8").replace(/\/\*.*?\*\//gs, "");
    for (const [, target] of text.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*"(\.[^"]+)"/g))
      open.push(declarationOf(join(dirname(file), target!)));
  }
  for (const name of globSync("dist/**/*.d.{ts,cts}", { cwd: root })) {
    const file = normalize(join(root, name));
    if (!reached.has(file)) rmSync(file);
  }
}

/** Of a module's name, as declarations import it. */
function declarationOf(path: string): string {
  return path.replace(/(?:\.d)?\.(c?)[jt]s$/, ".d.$1ts");
}
