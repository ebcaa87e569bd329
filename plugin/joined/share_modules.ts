import { registerHooks } from "node:module";

/** What a module exports, by name. */
type Exports = Readonly<Record<string, unknown>>;

/**
 * Where the modules that stand in for those of the joined file find what these export. No symbol: to find one that is registered, they would
 * have to ask `Symbol`, and they run in the middle of programs.
 */
const JOINED = "tracemalloc.joined";

// Programs may have replaced these when the hook runs.
const { apply } = Reflect;
const { slice, startsWith } = String.prototype;
const { keys } = Object;
const { stringify } = JSON;

/**
 * Has each module that the joined file holds share its state with whoever imports or requires it from its own file:
 * what is loaded from there is a module that exports what the joined one does.
 *
 * @param folder The URL of the folder that the paths are relative to, with a slash at its end.
 * @param exportsOf What a module exports, by its path; none of it may be assigned to later. Null: it is not joined.
 */
export function shareModules(folder: string, exportsOf: (path: string) => Exports | null): void {
  Object.defineProperty(globalThis, JOINED, { value: exportsOf });
  registerHooks({
    load(url, context, nextLoad) {
      const path = apply(startsWith, url, [folder]) ? apply(slice, url, [folder.length]) : null;
      const exports = path === null ? null : exportsOf(path);
      return exports === null
        ? nextLoad(url, context)
        : { format: "module", source: standIn(path!, keys(exports)), shortCircuit: true };
    },
  });
}

function standIn(path: string, names: readonly string[]): string {
  if (names.length === 0) return "export {};";
  let pattern = "";
  for (let i = 0; i < names.length; i++) pattern += `${names[i]}, `;
  return `export const { ${pattern}} = globalThis["${JOINED}"](${stringify(path)});`;
}
