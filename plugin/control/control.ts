import { existsSync } from "node:fs";
import { basename } from "node:path";
import { isTracing, type StartOptions, start, takeSnapshot } from "../../mod.ts";
import { isSpecial } from "../../src/host/special_file.ts";
import { absolutePath } from "../../src/host/working_folder.ts";
import { quietly, registeredFiles, settleBlocks, writeFileAtomically } from "../../src/tracing.ts";
import { defaultName, nameForRequest, scriptStem } from "../../src/vocabulary/dump_name.ts";
import { greatestResidentSize } from "../exit/resident_size.ts";

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

/** Starts tracing, as it was set for this process but for what `options` say; while tracing, does nothing. */
export function startOnRequest(options: StartOptions = {}): void {
  start({ ...state.start, ...options });
}

/** How many snapshots are being written, or wait for that. */
export function snapshotsWaiting(): number {
  return state.waiting;
}

/**
 * Collects garbage and writes a snapshot to a file of its own: `app.4233.snapshot-1.pb.gz`, then `-2`. Those that are asked for meanwhile
 * wait for it.
 *
 * @param wanted Asked when garbage has been collected; where it says no, nothing is written.
 * @returns The file; null: it is not wanted. Rejects where it cannot be written, or nothing is traced.
 */
export function writeRequested(wanted: () => boolean = () => true): Promise<string | null> {
  state.waiting++;
  const own = state.last.then(() => writeNext(wanted)).finally(() => state.waiting--);
  state.last = own.catch(() => {});
  return own;
}

async function writeNext(wanted: () => boolean): Promise<string | null> {
  // Before the tracker works on the snapshot, which is not the program's memory.
  const maxRss = greatestResidentSize();
  await settleBlocks();
  if (!wanted()) return null;
  if (!isTracing()) throw new Error("not tracing");
  if (!state.isSet) setControl({ out: null, start: {} });
  const { out } = state;
  if (out === null) throw new Error("the working directory does not exist any more");
  const snapshot = takeSnapshot();
  snapshot.metadata.files = registeredFiles();
  if (maxRss > 0) snapshot.metadata.maxRss = maxRss;
  return quietly(() => {
    const file = nextName(out);
    writeFileAtomically(file, snapshot.toBytes());
    return file;
  });
}

/** A process may have the id of one that is gone, as each first process of a container has. */
function nextName(out: string): string {
  for (;;) {
    const file = nameForRequest(out, { id: String(process.pid), number: ++state.written });
    if (!existsSync(file)) return file;
  }
}

function nameByScript(): string {
  return defaultName(scriptStem(basename(process.argv[1] ?? "")) || "program");
}
