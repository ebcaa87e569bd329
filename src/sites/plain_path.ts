// Browser compatible.

const { apply } = Reflect;
const { replaceAll, slice, startsWith } = String.prototype;
const OwnURL = globalThis.URL as typeof URL | undefined;
const decode = decodeURIComponent;

/**
 * The name that sites and dumps have for what an engine calls a file by its URL: the path, as `fileURLToPath` of `node:url` gives it, without
 * what a program has put behind it (`?v=2`) to load the file again. Other names stay as they are.
 */
export function plainPath(name: string): string {
  if (OwnURL === undefined || !(apply(startsWith, name, ["file:"]) as boolean)) return name;
  try {
    const { hostname, pathname } = new OwnURL(name);
    const path = decode(pathname);
    if (hostname !== "") return `\\\\${hostname}${backslashed(path)}`;
    return path[2] === ":" ? backslashed(apply(slice, path, [1]) as string) : path;
  } catch {
    return name;
  }
}

/** Windows' paths. */
function backslashed(path: string): string {
  return apply(replaceAll, path, ["/", "\\"]) as string;
}
