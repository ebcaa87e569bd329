// What differs where a module is a part of a joined file (`join_modules.ts`): its place, and how it comes by built-in modules.
import type { Plugin } from "rolldown";

/** The module that gives joined ones their places. */
export const OWN_PLACE = "own_place";

/** Modules that are joined do not lie where their text says. */
const OWN_PLACE_TEXT = `const folder = new URL("../", import.meta.url).href;
export const placeOf = (path) => folder + path;`;

/**
 * Each file has a module for places of its own: what `tracemalloc` itself is has none, and can be made CommonJS of, as by Jest.
 *
 * @param root The repository, with a slash at its end.
 * @param groupOf The joined file that a module is in, by its path; `""`: it is not known yet.
 */
export function ownPlaces(root: string, groupOf: (path: string) => string): Plugin {
  return {
    name: OWN_PLACE,
    resolveId: (id, importer) => (id === OWN_PLACE ? OWN_PLACE + groupOf(sourceName(root, importer!)) : null),
    load: (id) => (id.startsWith(OWN_PLACE) ? OWN_PLACE_TEXT : null),
    transform(code, id) {
      if (!id.endsWith(".ts")) return null;
      const text = askedForBuiltins(withOwnPlace(code, sourceName(root, id).replace(/\.ts$/, ".js")));
      return text === code ? null : text;
    },
  };
}

/**
 * Modules that find files by their own place look for them where they would be if they were not joined: what lies beside them lies
 * there in the package, too.
 */
export function withOwnPlace(code: string, path: string): string {
  const text = code.replaceAll("import.meta.url", `placeOf(${JSON.stringify(path)})`);
  return text === code ? code : `import { placeOf } from "${OWN_PLACE}";\n${text}`;
}

/**
 * Asks for built-in modules instead of importing them: for an import, Node reads all that they export, and loads what is behind
 * that, as streams for `node:fs`. What is too old for that gets to the line that says so.
 */
export function askedForBuiltins(code: string): string {
  const all = /^import (?:\* as )?(\w+) from ("node:[\w/]+");$/gm;
  const named = /^import \{([^}]*)\} from ("node:[\w/]+");$/gm;
  const text = code
    .replace(all, "const $1 = builtin($2);")
    .replace(named, (_, list: string, name: string) => {
      const names = list.split(",").map((each) => each.trim());
      const values = names.filter((each) => each !== "" && !each.startsWith("type "));
      return `const { ${values.join(", ").replaceAll(" as ", ": ")} } = builtin(${name});`;
    });
  if (text === code) return code;
  return (
    `import { createRequire as requireFrom } from "node:module";\n` +
    // Without `import.meta`, which keeps Jest from making CommonJS of a file. What is loaded later is loaded after a program may
    // have taken `process` away.
    `const builtin = globalThis.process?.getBuiltinModule ?? requireFrom("/");\n${text}`
  );
}

/** The path of a module in the repository. */
export function sourceName(root: string, id: string): string {
  return id.slice(root.length).replaceAll("\\", "/");
}
