import { EventEmitter } from "node:events";
import process from "node:process";
import { threadNumber } from "../../src/host/thread.ts";
import { onSpareSignals } from "./spare_signals.ts";

/** What to do at the end of the process. */
export interface EndHandlers {
  /** Called once when the event loop has run empty and the process is about to end; may take time. */
  idle: () => Promise<void>;
  /** Called when the process ends; must be synchronous and not throw. Called again when the process lived on. */
  end: () => void;
}

type Listener = (...args: unknown[]) => void;

/** The signals that end a process by default and leave it time. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** At least this long between two provisional ends, in ms: a program may survive errors by the thousand. */
const PROVISIONAL_INTERVAL_MS = 1000;

/**
 * Calls back at every end of the process that leaves time for it, without changing how it ends.
 * A busy loop is the exception: signals reach JavaScript only between jobs, so Ctrl-C waits until the loop is over.
 *
 * @returns Takes all listeners away.
 */
export function onExit({ idle, end }: EndHandlers): () => void {
  let ended = false;
  const endOnce = (): void => {
    if (ended) return;
    ended = true;
    end();
  };
  const undos = [allowOneMore(), onEmptyLoop(idle), listen("exit", endOnce), onDenoEnd(endOnce, end)];
  // Signals are the main thread's.
  if (threadNumber() === 0) undos.push(onSignals(endOnce));
  return () => {
    for (const undo of undos) undo();
  };
}

/**
 * Ours is one more listener than the program knows of: with ten of its own there would be a `MaxListenersExceededWarning`. What it
 * sets itself, for `process` or for all emitters, goes on counting.
 */
function allowOneMore(): () => void {
  const before = Object.getOwnPropertyDescriptor(process, "_maxListeners");
  if (before !== undefined && (!("value" in before) || before.configurable !== true)) return () => {};
  let own: unknown = before?.value;
  const enumerable = before?.enumerable ?? false;
  Object.defineProperty(process, "_maxListeners", {
    get() {
      const most = own ?? EventEmitter.defaultMaxListeners;
      return typeof most === "number" && most > 0 ? most + 1 : most;
    },
    set(value: unknown) {
      own = value;
    },
    ...{ configurable: true, enumerable },
  });
  return () => {
    delete (process as { _maxListeners?: unknown })._maxListeners;
    if (before !== undefined) Object.defineProperty(process, "_maxListeners", { ...before, value: own });
  };
}

/** Only where the program does not listen to "beforeExit" itself: our work makes the event fire again. */
function onEmptyLoop(idle: () => Promise<void>): () => void {
  let called = false;
  return listen("beforeExit", () => {
    if (called || process.listenerCount("beforeExit") > 1) return;
    called = true;
    idle().catch(() => {});
  });
}

/** What is used of an event that may be the process's last. */
interface EndEvent {
  readonly defaultPrevented: boolean;
}

/** The global object of Deno, whose types of events differ from Node's. */
interface DenoEvents {
  readonly Deno?: unknown;
  addEventListener?(name: string, listener: (event: EndEvent) => void): void;
  removeEventListener?(name: string, listener: (event: EndEvent) => void): void;
}

/**
 * Deno emits no "exit" after `Deno.exit` (there is "unload") nor after an uncaught error. The events of an error
 * come before anybody could know whether it ends the process, so those ends are provisional.
 */
function onDenoEnd(endOnce: () => void, end: () => void): () => void {
  const host = globalThis as unknown as DenoEvents;
  if (host.Deno === undefined || typeof host.addEventListener !== "function") return () => {};
  let lastAt = -Infinity;
  const provisional = (handledBy: string) => (event: EndEvent) => {
    const now = performance.now();
    if (
      event.defaultPrevented ||
      process.listenerCount(handledBy) > 0 ||
      now - lastAt < PROVISIONAL_INTERVAL_MS
    )
      return;
    lastAt = now;
    end();
  };
  const listeners: [string, (event: EndEvent) => void][] = [
    ["unload", endOnce],
    ["error", provisional("uncaughtException")],
    ["unhandledrejection", provisional("unhandledRejection")],
  ];
  for (const [name, listener] of listeners) host.addEventListener(name, listener);
  return () => {
    for (const [name, listener] of listeners) host.removeEventListener?.(name, listener);
  };
}

/** A program that does not handle a signal itself still dies by it. */
function onSignals(end: () => void): () => void {
  return onSpareSignals(SIGNALS, {
    returns: true,
    onSignal(signal, leave) {
      // The listener stays while the end is written: without it, the next signal would end the process half-way.
      // An impatient user sends it, and supervisors and `timeout` signal a process and then its group.
      end();
      leave();
      process.kill(process.pid, signal);
    },
  });
}

function listen(event: string, listener: Listener): () => void {
  process.on(event, listener);
  return () => {
    process.removeListener(event, listener);
  };
}
