// Browser compatible.

const { apply } = Reflect;
const getDescriptor = Object.getOwnPropertyDescriptor;
const { getPrototypeOf } = Object;
const host: object = globalThis;
const TypedArray: unknown = getPrototypeOf(Uint8Array);

interface ModuleHost {
  process?: { getBuiltinModule?: (id: string) => object | undefined };
}

/** A module of Node's, which Deno and Bun have too; undefined in browsers. */
export function builtinModule(id: string): object | undefined {
  return (globalThis as ModuleHost).process?.getBuiltinModule?.(id);
}

/** Finds what a path of the tables names; null where the host has no such thing. */
export function findOwner(owner: string): object | null {
  if (owner === "") return host;
  let at: unknown = host;
  let names = owner;
  if (owner.startsWith("node:")) {
    const [id, path = ""] = owner.split(" ");
    at = builtinModule(id);
    names = path;
  }
  for (const name of names.split(".")) {
    if ((typeof at !== "object" && typeof at !== "function") || at === null) return null;
    if (name === "") continue;
    at = name === "%TypedArray%" ? TypedArray : readProperty(at, name);
  }
  return (typeof at === "object" || typeof at === "function") && at !== null ? at : null;
}

/** Some hosts load `Response` and its like when they are first read. */
function readProperty(object: object, name: string): unknown {
  const descriptor = getDescriptor(object, name);
  if (descriptor === undefined || "value" in descriptor) return descriptor?.value;
  try {
    return descriptor.get && apply(descriptor.get, object, []);
  } catch {
    return undefined;
  }
}
