// Browser compatible.
import { hostModule } from "../../host/built_in_modules.ts";
import type { BuiltinFunctions } from "../../sites/builtin_tables.ts";

const { apply } = Reflect;
const getDescriptor = Object.getOwnPropertyDescriptor;
const { getPrototypeOf, hasOwn } = Object;
const TypedArray: unknown = getPrototypeOf(Uint8Array);

/** Finds what a path of the tables names; null where the host has no such thing. */
export function findOwner({ module, path }: Pick<BuiltinFunctions, "module" | "path">): object | null {
  let at: unknown = module === null ? globalThis : hostModule(module);
  for (let i = 0; i < path.length; i++) {
    if ((typeof at !== "object" && typeof at !== "function") || at === null) return null;
    at = path[i] === "%TypedArray%" ? TypedArray : readProperty(at, path[i]);
  }
  return (typeof at === "object" || typeof at === "function") && at !== null ? at : null;
}

/** Some hosts load `Response` and its like when they are first read. */
function readProperty(object: object, name: string): unknown {
  const descriptor = getDescriptor(object, name);
  if (descriptor === undefined || hasOwn(descriptor, "value")) return descriptor?.value;
  try {
    return descriptor.get && apply(descriptor.get, object, []);
  } catch {
    return undefined;
  }
}
