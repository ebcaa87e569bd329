// Browser compatible.
import type { HostModules } from "../../host/built_in_modules.ts";
import type { HostGlobals } from "../../host/host.ts";
import { SafeWeakMap, SafeWeakSet } from "../../tables/safe_collections.ts";

type IsProxy = (value: unknown) => boolean;

/** `util.types.isProxy`, where the host has it: Node, Deno and Bun do, browsers cannot tell a Proxy from outside. */
export const tellsProxies: IsProxy | undefined =
  // Not by `hostModule`: a page has to load this first, and would load that.
  (
    (globalThis as HostGlobals).process?.getBuiltinModule?.("node:util") as
      | HostModules["node:util"]
      | undefined
  )?.types?.isProxy;

/** Proxies that were seen being made. */
export const seenProxies: WeakSet<object> = new SafeWeakSet();

/** Whether the value is a Proxy; in browsers, one that was made while tracing. Asks the value itself nothing. */
export const isProxy: IsProxy = tellsProxies ?? ((value) => seenProxies.has(value as object));

// Here, not in a file of its own: bundlers would make it one for the page, too.

/** What stands in for built-ins while tracing → the built-in. Entries stay: a program can keep a stand-in. */
export const originals: WeakMap<object, object> = new SafeWeakMap();

/** The built-in that a function stands in for; any other value itself. */
export function originalOf<T>(value: T): T {
  return typeof value === "function" ? ((originals.get(value) as T | undefined) ?? value) : value;
}
