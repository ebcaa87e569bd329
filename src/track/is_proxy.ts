// Browser compatible.
import { SafeWeakSet } from "../sites/safe_collections.ts";

type IsProxy = (value: unknown) => boolean;

interface UtilHost {
  process?: { getBuiltinModule?: (id: string) => { types?: { isProxy: IsProxy } } | undefined };
}

/** `util.types.isProxy`, where the host has it. */
const tellsProxies: IsProxy | undefined = (globalThis as UtilHost).process?.getBuiltinModule?.("node:util")
  ?.types?.isProxy;

/** Proxies that were seen being made. */
const known = new SafeWeakSet<object>();

/** Whether the host can tell a Proxy from outside: Node, Deno and Bun can, browsers cannot. */
export const hostTellsProxies: boolean = tellsProxies !== undefined;

/** Whether the value is a Proxy; in browsers, one that was made while tracing. Asks the value itself nothing. */
export const isProxy: IsProxy = tellsProxies ?? ((value) => known.has(value as object));

/** Notes a Proxy. */
export function noteProxy(proxy: object): void {
  known.add(proxy);
}
