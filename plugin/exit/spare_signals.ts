import process from "node:process";
import { isIgnored } from "./ignored_signals.ts";

type Listener = (...args: unknown[]) => void;

/** What is done about signals that the program leaves to us. */
export interface SpareSignals {
  /** Called for each; `leave` takes our listener away for good, as for the next one to end the process. */
  readonly onSignal: (signal: NodeJS.Signals, leave: () => void) => void;
  /**
   * Whether our listener comes back when the program's own has gone. A listener that has ended a program's work mostly sends the signal
   * again, for it to end the process.
   */
  readonly returns: boolean;
  /** Called when the program wants one for itself. */
  readonly onTaken?: (signal: NodeJS.Signals) => void;
}

/**
 * Listens to signals while the program has no listener of its own for them: a program that handles a signal sees its own listeners
 * and nothing else. A signal that the process was started to ignore stays ignored.
 *
 * @param signals Of the main thread's process.
 * @returns Takes all listeners away.
 */
export function onSpareSignals(
  signals: readonly NodeJS.Signals[],
  { onSignal, returns, onTaken = () => {} }: SpareSignals,
): () => void {
  const ours = new Map<string, Listener>();
  let removing = false;

  function add(signal: NodeJS.Signals): void {
    const listener = (): void => {
      if (process.listenerCount(signal) > 1) return;
      onSignal(signal, () => remove(signal));
    };
    ours.set(signal, listener);
    process.on(signal, listener);
  }
  function remove(signal: string): void {
    const listener = ours.get(signal);
    if (listener === undefined) return;
    ours.delete(signal);
    removing = true;
    process.removeListener(signal, listener);
    removing = false;
  }

  /** Not at once: a signal that is being delivered to a `once` listener would reach us, too. */
  function addAgain(signal: NodeJS.Signals): void {
    if (handled.has(signal) && process.listenerCount(signal) === 0) add(signal);
  }

  for (const signal of signals) if (!isIgnored(signal)) add(signal);
  const handled = new Set<unknown>(ours.keys());
  const makeRoom: Listener = (name, listener) => {
    if (!ours.has(name as string) || listener === ours.get(name as string)) return;
    remove(name as string);
    onTaken(name as NodeJS.Signals);
  };
  const makeRoomAgain: Listener = (name) => {
    if (returns && !removing && handled.has(name)) queueMicrotask(() => addAgain(name as NodeJS.Signals));
  };
  // Before Node's own listener, which starts to watch the signal: removing ours stops that.
  process.prependListener("newListener", makeRoom);
  // Bun does not emit this one for signals: there, a handler that is taken away again leaves the signal to the system.
  process.on("removeListener", makeRoomAgain);
  return () => {
    handled.clear();
    process.removeListener("newListener", makeRoom);
    process.removeListener("removeListener", makeRoomAgain);
    for (const signal of signals) remove(signal);
  };
}
