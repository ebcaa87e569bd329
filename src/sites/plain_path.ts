// Browser compatible.

const { apply, getOwnPropertyDescriptor } = Reflect;
const { replaceAll, slice, startsWith } = String.prototype;
const OwnURL = globalThis.URL as typeof URL | undefined;
const hostnameOf = getterOf("hostname");
const pathnameOf = getterOf("pathname");
const decode = decodeURIComponent;

/** The engine's own: a program may put others in their places. */
function getterOf(key: "hostname" | "pathname"): ((this: URL) => string) | undefined {
  return OwnURL && getOwnPropertyDescriptor(OwnURL.prototype, key)?.get;
}

/**
 * The name that sites and dumps have for what an engine calls a file by its URL: the path, as `fileURLToPath` of `node:url` gives it, without
 * what a program has put behind it (`?v=2`) to load the file again. Other names stay as they are.
 */
export function plainPath(name: string): string {
  if (OwnURL === undefined || !(apply(startsWith, name, ["file:"]) as boolean)) return name;
  try {
    const url = new OwnURL(name);
    const hostname = apply(hostnameOf!, url, []);
    const path = decode(apply(pathnameOf!, url, []));
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
