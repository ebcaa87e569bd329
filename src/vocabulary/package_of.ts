// Browser compatible.

/** What stands in the place of a package's name for the program's own files, and for what the runtime has brought. */
export const OWN_CODE = "<own code>";
export const RUNTIME = "<runtime>";

/** The package of a scope is the scope's name with its own. */
const NAME = "(?:@[^/]+/)?[^/@][^/]*";
/** The same in front of a version: `zod@4.4.3`, and how cnpm calls folders (`_zod@4.4.3@zod`). */
const NAME_BEFORE_VERSION = "(?:@[^/]+/)?[^/@]+";

/** In this order: where a file's package stands in its name, in the first group. */
const PLACES: readonly RegExp[] = [
  // Vite's copies of packages are in one folder: `react-dom_client.js`, `@scope_name.js`, `lodash__merge.js` for `lodash.merge`.
  /\/node_modules\/\.vite\/deps[^/]*\/((?:@[^/_.?]+_)?(?:[^/_.?]|__)+)/,
  // The innermost one: pnpm's, Deno's and Bun's own folders, and nested packages, have another before it.
  new RegExp(`^.*/node_modules/(?:_[^/]*@\\d[^/@]*@)?(${NAME})(?:/|$)`, "s"),
  // Deno's cache: npm/registry.npmjs.org/zod/4.4.3/
  new RegExp(`/npm/[^/]+/(${NAME_BEFORE_VERSION})/\\d+\\.\\d+\\.\\d+[^/]*/`),
  // Bun's: install/cache/zod@4.4.3@@@1/
  new RegExp(`/install/cache/(${NAME_BEFORE_VERSION})@`),
  // https://jsr.io/@std/assert/1.0.0/mod.ts
  /^https:\/\/jsr\.io\/(@[^/]+\/[^/]+)/,
  new RegExp(`^(?:npm|jsr):/?(${NAME_BEFORE_VERSION})`),
  // https://deno.land/std@0.224.0/, https://esm.sh/@scope/name@1.2.3/: what stands before the version.
  /^https?:\/\/([^/]+\/[^?#]*?[^/@?#])@/,
];

const LOOPBACK = /^https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?(?:\/|$)/;

/**
 * The package that a file is of: `zod`, `@scope/name`; of a module from the network that has no package, its host.
 * {@linkcode OWN_CODE} for files outside of packages, {@linkcode RUNTIME} for the runtime's own, and `<unknown>` for that.
 */
export function packageOf(filename: string): string {
  if (filename.startsWith("<") && filename.endsWith(">")) return filename;
  if (/^(?:node|bun|deno|ext|internal|wasm|native):|^(?:internal|native)\//.test(filename)) return RUNTIME;
  // A relative name may begin with the folder.
  const name = `${/^[A-Za-z][\w+.-]+:/.test(filename) ? "" : "/"}${filename.replaceAll("\\", "/")}`;
  for (const [index, place] of PLACES.entries()) {
    const found = place.exec(name)?.[1];
    if (found !== undefined) return index === 0 ? unflattened(found) : found;
  }
  const [, host] = /^https?:\/\/([^/]+)/.exec(name) ?? [];
  return host === undefined || LOOPBACK.test(name) ? OWN_CODE : host;
}

/** The name that Vite has made a file's name of. */
function unflattened(name: string): string {
  return (name.startsWith("@") ? name.replace("_", "/") : name).replaceAll("__", ".");
}

/** Whose code a file is. */
export type Owner = "own" | "dependency" | "runtime";

/** Whose code a file is, by its name. */
export function ownerOf(filename: string): Owner {
  return ownerOfPackage(packageOf(filename));
}

/** Whose code a package is, by what {@linkcode packageOf} has called it. */
export function ownerOfPackage(name: string): Owner {
  if (name === OWN_CODE) return "own";
  return name.startsWith("<") ? "runtime" : "dependency";
}
