// Browser compatible.
import { detectEngine } from "../../host/engine.ts";

const ProxyOfHost = Proxy;
const isV8 = detectEngine() === "v8";

/**
 * The same function, for what is called rarely from code that is to be inlined. V8 inlines no function that has been compiled with so much
 * inlined into it that both together are too long (`--max-inlined-bytecode-size-cumulative`): `FileTracker.o`, 41 bytes, once it had all of what
 * records a sample (904), was a call in nearly each function of a program's. V8 does not look into a Proxy, whose call takes 15 ns more.
 */
export function outOfLine<F extends (...args: never[]) => void>(work: F): F {
  return isV8 ? new ProxyOfHost(work, { __proto__: null } as ProxyHandler<F>) : work;
}
