import { registerHooks } from "node:module";

/** What a module exports, by name. */
type Exports = Readonly<Record<string, unknown>>;

/** Where the modules that stand in for those of the joined file find what these export. */
const JOINED: symbol = Symbol.for("tracemalloc.joined");

/**
 * Has each module that the joined file holds share its state with whoever imports or requires it from its own file:
 * what is loaded from there is a module that exports what the joined one does.
 *
 * @param folder The URL of the folder that the paths are relative to, with a slash at its end.
 * @param exportsOf What a module exports, by its path; none of it may be assigned to later. Null: it is not joined.
 */
export function shareModules(folder: string, exportsOf: (path: string) => Exports | null): void {
  Object.defineProperty(globalThis, JOINED, { value: exportsOf });
  // The hook runs in the middle of programs, which may have replaced these.
  const { apply } = Reflect;
  const { slice, startsWith } = String.prototype;
  const { keys } = Object;
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
  const exports = `globalThis[Symbol.for("tracemalloc.joined")](${JSON.stringify(path)})`;
  return `export const { ${names.join(", ")} } = ${exports};`;
}
