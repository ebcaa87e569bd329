import type { BroadcastChannel } from "node:worker_threads";
import type { StartOptions } from "../../mod.ts";
import { threadNumber } from "../../src/host/thread.ts";
import { quietly } from "../../src/tracing.ts";
import { hasStartedWorkers, START, workerThreads } from "../preload/thread.ts";

/** What the first thread, which gets the signals and has the live server, asks of its workers. */
export type Order =
  | { readonly do: "start"; readonly options: StartOptions }
  | { readonly do: "stop" }
  | {
      readonly do: "snapshot";
      readonly number: number;
      /** The absolute path of the first thread's, with `%p`. */
      readonly out: string;
      /** Whether whoever asked reads stderr. */
      readonly says: boolean;
    };

/** What workers say to that. */
type Answer =
  /** One has been loaded. */
  | { readonly is: "there" }
  /** A snapshot is being made. */
  | { readonly is: "writing"; readonly worker: number; readonly number: number }
  /** Null: it was not. */
  | {
      readonly is: "written";
      readonly worker: number;
      readonly number: number;
      readonly file: string | null;
    };

/** Of the threads of this process, whoever started them: it reaches no other process. */
const NAME = "tracemalloc.control";
/** Under which new workers find how they are to be traced. */
const KEY = "tracemalloc.start";

/** So long a worker may be busy before it is not waited for: it writes when it can. */
const TO_ANSWER_MS = 300;
const TO_WRITE_MS = 30_000;
const POLL_MS = 10;

// The host's own, whatever the program puts there later to fake the time.
const { setTimeout } = globalThis;
const now = performance.now.bind(performance);

const state = {
  channel: null as BroadcastChannel | null,
  /** How workers that begin now are traced; null: they are not. */
  start: null as StartOptions | null,
  /** By the snapshot's number, the files of workers that are making one; undefined: not done. */
  files: new Map<number, Map<number, string | null | undefined>>(),
};

/** How workers that begin now are traced, because somebody asked this thread; null: they are not. */
export function startOfWorkers(): StartOptions | null {
  return state.start;
}

/** How this worker is traced from its start on, because somebody has asked the thread that started it; null: nobody has. */
export function toldStart(): StartOptions | null {
  const told = (globalThis as { [START]?: StartOptions })[START] ?? workerThreads.getEnvironmentData(KEY);
  return typeof told === "object" && told !== null ? (told as StartOptions) : null;
}

/** Has workers that begin later traced from their start on; null: no more. */
export function startWorkers(options: StartOptions | null): void {
  state.start = options;
  workerThreads.setEnvironmentData(KEY, options ?? undefined);
}

/** Tells all workers of this process, if it is its first thread that asks. */
export function tellWorkers(order: Order): void {
  if (threadNumber() !== 0 || !hasStartedWorkers()) return;
  quietly(() => {
    if (order.do === "snapshot" && !order.says) state.files.set(order.number, new Map());
    state.channel ??= open((data) => listen(data as Answer));
    state.channel.postMessage(order);
  });
}

/** The files of the workers that were told to write that snapshot, and to say nothing themselves, but for those that are in a job meanwhile. */
export async function filesOfWorkers(number: number): Promise<string[]> {
  const files = state.files.get(number);
  if (files === undefined) return [];
  const begun = now();
  const isDone = (): boolean => [...files.values()].every((file) => file !== undefined);
  while (now() - begun < TO_ANSWER_MS || (!isDone() && now() - begun < TO_WRITE_MS))
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  state.files.delete(number);
  const written = [...files].sort(([a], [b]) => a - b).map(([, file]) => file);
  return written.filter((file): file is string => typeof file === "string");
}

/** Nobody will ask for them. */
export function forgetFiles(number: number): void {
  state.files.delete(number);
}

function listen(answer: Answer): void {
  // One that had begun before tracing was started, and was not yet able to hear of it.
  if (answer.is === "there" && state.start !== null)
    state.channel?.postMessage({ do: "start", options: state.start } satisfies Order);
  if (answer.is === "writing") state.files.get(answer.number)?.set(answer.worker, undefined);
  if (answer.is === "written") state.files.get(answer.number)?.set(answer.worker, answer.file);
}

/**
 * Has this worker do what its process is asked. It does not keep the worker from ending.
 *
 * @param obey Gives the file where a snapshot was wanted; null: none was written.
 * @returns Ends it.
 */
export function obeyOrders(obey: (order: Order) => Promise<string | null>): () => void {
  const say = (answer: Answer): void => channel.postMessage(answer);
  const take = async (order: Order): Promise<void> => {
    // What other workers say comes here, too.
    if (order.do === undefined) return;
    if (order.do !== "snapshot") return void (await obey(order));
    const { number } = order;
    const worker = threadNumber();
    say({ is: "writing", worker, number });
    say({ is: "written", worker, number, file: await obey(order) });
  };
  const channel = open((data) => void take(data as Order));
  say({ is: "there" });
  return () => channel.close();
}

function open(onMessage: (data: unknown) => void): BroadcastChannel {
  const channel = new workerThreads.BroadcastChannel(NAME);
  channel.onmessage = (event) => {
    const { data } = event as { data: unknown };
    if (typeof data === "object" && data !== null) onMessage(data);
  };
  channel.unref();
  return channel;
}
