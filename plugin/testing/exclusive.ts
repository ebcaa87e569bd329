// Browser compatible.
import type { StartOptions } from "../../mod.ts";
import { hostModule } from "../../src/host/built_in_modules.ts";
import { interpose } from "../../src/tracing.ts";

interface Storage {
  getStore(): true | undefined;
  run<T>(store: true, work: () => T): T;
}

interface AsyncHooks {
  AsyncLocalStorage: new () => Storage;
}

const measuring = findStorage();
let last: Promise<unknown> = Promise.resolve();

/** Exact, so that no figure is an estimate; paths for the message. */
const SESSION: StartOptions = { nframe: 16, sampling: "exact" };

/**
 * Runs `work` under a trace of its own, one at a time: tests that run side by side wait for each other here. How the
 * user traces is as before at the end, whatever happens.
 *
 * @param name Who asks, for messages.
 * @throws {Error} when called from inside of another measurement, or when the code under test called `stop()`.
 */
export async function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (measuring?.getStore() === true)
    throw new Error(`${name}: measurements cannot be nested: this one was called from inside of another`);
  const before = last;
  let done = (): void => {};
  last = new Promise<void>((resolve) => {
    done = resolve;
  });
  try {
    await before;
    return await (measuring === null ? traced(name, work) : measuring.run(true, () => traced(name, work)));
  } finally {
    done();
  }
}

async function traced<T>(name: string, work: () => Promise<T>): Promise<T> {
  const end = interpose(SESSION);
  const [outcome] = await Promise.allSettled([work()]);
  if (!end()) {
    throw new Error(
      `${name}: tracing was stopped meanwhile, by stop() in the code under test or by a failure of the tracker`,
      outcome.status === "rejected" ? { cause: outcome.reason } : {},
    );
  }
  if (outcome.status === "rejected") throw outcome.reason;
  return outcome.value;
}

/** Tells a measurement inside of another from one beside it; null where the host has no such thing: they would hang. */
function findStorage(): Storage | null {
  const hooks = hostModule("node:async_hooks") as AsyncHooks | undefined;
  return hooks === undefined ? null : new hooks.AsyncLocalStorage();
}
