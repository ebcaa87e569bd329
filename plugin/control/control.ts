import { existsSync, readdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import process from "node:process";
import { isTracing, type StartOptions, start, stop, takeSnapshot } from "../../mod.ts";
import { isSpecial } from "../../src/host/special_file.ts";
import { threadNumber } from "../../src/host/thread.ts";
import { absolutePath } from "../../src/host/working_folder.ts";
import { quietly, registeredFiles, settleBlocks, writeFileAtomically } from "../../src/tracing.ts";
import { defaultName, nameForRequest, scriptStem } from "../../src/vocabulary/dump_name.ts";
import { greatestResidentSize } from "../exit/resident_size.ts";
import { reasonOf, warn } from "../preload/warn.ts";
import {
  filesOfWorkers,
  forgetFiles,
  type Order,
  obeyOrders,
  startWorkers,
  tellWorkers,
  toldStart,
} from "./worker_channel.ts";

/** What a process is told when it is loaded, for what is asked of it later. */
export interface ControlSettings {
  /** Where snapshots go; `%p` stands for the process id. Null: by the program's name, into its working folder. */
  readonly out: string | null;
  readonly start: StartOptions;
}

const state = {
  /** As `tracemalloc run` has it. */
  start: { nframe: 25, sampling: "adaptive" } as StartOptions,
  /** An absolute path, with `%p`; null: none that can be had. */
  out: null as string | null,
  isSet: false,
  written: 0,
  /** Requests that are being answered, one after the other. */
  waiting: 0,
  last: Promise.resolve() as Promise<unknown>,
};

/** Says where snapshots go that are asked for later, and how tracing starts. */
export function setControl({ out, start }: ControlSettings): void {
  state.start = { ...state.start, ...start };
  state.out = absolutePath(out !== null && !isSpecial(out) ? out : nameByScript());
  state.isSet = true;
}

/** Starts tracing, in workers as well, as it was set for this process but for what `options` say; while tracing, does nothing. */
export function startOnRequest(options: StartOptions = {}): void {
  if (isTracing()) return;
  const whole = { ...state.start, ...options };
  start(whole);
  startWorkers(whole);
  tellWorkers({ do: "start", options: whole });
}

/** Stops tracing, in workers as well. */
export function stopOnRequest(): void {
  stop();
  startWorkers(null);
  tellWorkers({ do: "stop" });
}

/** How many snapshots are being written, or wait for that. */
export function snapshotsWaiting(): number {
  return state.waiting;
}

/** What was written because somebody asked. */
export interface Written {
  readonly file: string;
  /** The files of workers, but for those that are in a job meanwhile. */
  readonly workers: () => Promise<string[]>;
}

/**
 * Collects garbage and writes a snapshot to a file of its own: `app.4233.snapshot-1.pb.gz`, then `-2`; workers write with the same number
 * (`app.4233-1.snapshot-1.pb.gz`). Those that are asked for meanwhile wait for it.
 *
 * @param options.wanted Asked when garbage has been collected; where it says no, nothing is written.
 * @param options.says Whether workers say on stderr what they have written.
 * @returns What was written; null: it is not wanted. Rejects where it cannot be written, or nothing is traced.
 */
export function writeRequested({
  wanted = () => true,
  says = true,
}: {
  readonly wanted?: () => boolean;
  readonly says?: boolean;
} = {}): Promise<Written | null> {
  return inTurn(async () => {
    // Before the tracker works on the snapshot, which is not the program's memory.
    const maxRss = greatestResidentSize();
    await settleBlocks();
    if (!wanted()) return null;
    if (!isTracing()) throw new Error("not tracing");
    if (!state.isSet) setControl({ out: null, start: {} });
    const { out } = state;
    if (out === null) throw new Error("the working directory does not exist any more");
    const number = quietly(() => nextNumber(out));
    tellWorkers({ do: "snapshot", number, out, says });
    const file = nameForRequest(out, { id: String(process.pid), number });
    try {
      write(file, maxRss);
    } catch (error) {
      forgetFiles(number);
      throw error;
    }
    return { file, workers: () => filesOfWorkers(number) };
  });
}

/** Has this worker do what is asked of its process. It is traced from now on where its process is since somebody has asked for it. */
export function obeyAsWorker(): () => void {
  const told = toldStart();
  if (told !== null && !isTracing()) obeyStart(told);
  return obeyOrders(async (order) => {
    if (order.do === "start") obeyStart(order.options);
    else if (order.do === "stop") {
      stop();
      startWorkers(null);
    } else return await writeAsWorker(order);
    return null;
  });
}

function obeyStart(options: StartOptions): void {
  startWorkers(options);
  if (!isTracing()) start(options);
}

async function writeAsWorker({ out, number, says }: Order & { do: "snapshot" }): Promise<string | null> {
  // Its program has stopped it.
  if (!isTracing()) return null;
  const worker = threadNumber();
  const file = nameForRequest(out, { id: `${process.pid}-${worker}`, number });
  try {
    await inTurn(async () => {
      const maxRss = greatestResidentSize();
      await settleBlocks();
      if (!isTracing()) throw new Error("not tracing");
      write(file, maxRss);
    });
    if (says) warn(`tracemalloc: snapshot of worker ${worker} written to ${file}`);
    return file;
  } catch (error) {
    if (says) warn(`tracemalloc: no snapshot of worker ${worker} was written: ${reasonOf(error)}`);
    return null;
  }
}

/** One after the other. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  state.waiting++;
  const own = state.last.then(work).finally(() => state.waiting--);
  state.last = own.catch(() => {});
  return own;
}

function write(file: string, maxRss: number): void {
  const snapshot = takeSnapshot();
  snapshot.metadata.files = registeredFiles();
  if (maxRss > 0) snapshot.metadata.maxRss = maxRss;
  const worker = threadNumber();
  if (worker > 0) snapshot.metadata.worker = worker;
  quietly(() => writeFileAtomically(file, snapshot.toBytes()));
}

/** A process may have the id of one that is gone, as each first process of a container has: neither its files nor those of its workers are lost. */
function nextNumber(out: string): number {
  const id = String(process.pid);
  const taken = new RegExp(`(?<!\\d)${id}(?:-\\d+)?(?!\\d).*\\.snapshot-(\\d+)\\.pb\\.gz$`);
  const numbers = new Set(namesBeside(out).map((name) => Number(taken.exec(name)?.[1])));
  for (;;) {
    const number = ++state.written;
    if (!numbers.has(number) && !existsSync(nameForRequest(out, { id, number }))) return number;
  }
}

function namesBeside(out: string): string[] {
  try {
    return readdirSync(dirname(out));
  } catch {
    // Not to be read, or not there: writing will say so.
    return [];
  }
}

function nameByScript(): string {
  return defaultName(scriptStem(basename(process.argv[1] ?? "")) || "program");
}
