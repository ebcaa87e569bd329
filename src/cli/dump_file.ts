import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { isSpecial } from "../host/special_file.ts";
import { absolutePath } from "../host/working_folder.ts";
import { writePipe } from "../host/write_pipe.ts";
import type { Snapshot } from "../snapshot/model/snapshot.ts";
import { defaultName, nameWithId, PLACEHOLDER, scriptStem } from "../vocabulary/dump_name.ts";
import { InputError } from "./cli_error.ts";
import { openSnapshot } from "./open_snapshot.ts";

/**
 * The file that a run writes its snapshot to. Each process of the program writes its own: `%p` in the name stands
 * for the process id.
 */
export interface DumpFile {
  /** The absolute path, with `%p`. */
  readonly template: string;
  /** What stood there before the run, by path. */
  readonly before: ReadonlyMap<string, FoundFile>;
  /** The pipe or device that the snapshot goes to in the end; null: it stays where it is. */
  readonly special: string | null;
}

/** A file that has the name of a snapshot. */
interface FoundFile {
  /** The ids in its name; empty: it has the name that was asked for. */
  readonly id: string;
  /** Another one when it has been written anew. */
  readonly stamp: string;
}

/** Where a program's snapshot goes when nothing else is said. */
export function defaultDumpName(script: string): string {
  return defaultName(scriptStem(basename(script)));
}

/**
 * The absolute path of an output.
 * @throws {InputError} where there is none.
 */
export function outputPath(name: string): string {
  const path = absolutePath(name);
  if (path !== null) return path;
  throw new InputError(
    `cannot write ${name}: the working directory does not exist any more; --output takes an absolute path`,
  );
}

/**
 * Makes a note of what stands at the place before the program runs. A pipe gets one snapshot when all processes have ended: these
 * write to a folder of their own until then.
 */
export function dumpFile(path: string): DumpFile {
  if (!isSpecial(path)) return { template: path, before: existing(path), special: null };
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-run-"));
  return { template: join(folder, "snapshot.pb.gz"), before: new Map(), special: path };
}

/** Sends the snapshot on its way, if it is not to stay where it is. */
export function deliver({ special }: DumpFile, path: string): void {
  if (special !== null) writePipe(special, readFileSync(path));
}

/** Removes what a run does not leave behind. */
export function removeTemporary({ special, template }: DumpFile): void {
  if (special !== null) rmSync(dirname(template), { recursive: true, force: true });
}

/** What a run left behind. */
export interface RunDumps {
  /** The id of the first process, by which the files of the others are known. */
  readonly pid: string;
  /** The first process's file; undefined where it has written none. */
  readonly main: string | undefined;
  /** Those of its workers and of the processes that it started, and that these started. */
  readonly others: readonly string[];
  /** The state of the file with the name that was asked for in which the merged snapshot may replace it. */
  readonly replaced: string | undefined;
  /** What had to be read to find these. */
  readonly opened: ReadonlyMap<string, Snapshot>;
}

/**
 * The snapshots that a run wrote, and no other's: another run may write to the same name at the same time.
 *
 * @param pid The process that was started. It may be a script that starts the program, whose id is then not known.
 * @param run What the snapshots of this run have in their metadata.
 */
export function written(file: DumpFile, { pid, run }: { pid: number; run: string }): RunDumps {
  const fresh = [...existing(file.template)].filter(
    ([path, { stamp }]) => file.before.get(path)?.stamp !== stamp,
  );
  const opened = new Map<string, Snapshot>();
  /** The process that wrote a file of this run; undefined for files of others. */
  const owner = (path: string): string | undefined => {
    const snapshot = openIfSound(path);
    if (snapshot?.metadata.run !== run) return undefined;
    opened.set(path, snapshot);
    return String(snapshot.metadata.pid);
  };
  let root = String(pid);
  let main = fresh.find(([, { id }]) => id === root)?.[0];
  if (main === undefined && fresh.some(([path]) => path === file.template)) {
    const found = owner(file.template);
    if (found !== undefined) [main, root] = [file.template, found];
  }
  if (main === undefined && !fresh.some(([, { id }]) => isOf(id, root))) {
    const foreign = fresh.find(([path, { id }]) => /^\d+$/.test(id) && owner(path) !== undefined);
    if (foreign !== undefined) [main, root] = [foreign[0], foreign[1].id];
  }
  const others = fresh.filter(([path, { id }]) => path !== main && isOf(id, root)).map(([path]) => path);
  const replaced = (main === file.template ? new Map(fresh) : file.before).get(file.template)?.stamp;
  return { pid: root, main, others: others.sort(), replaced, opened };
}

/**
 * The snapshots of a run that has started a command, such as `npm start`: each process that it led to has written to a name with its
 * id. A single one gets the name that was asked for.
 *
 * @param pid The command's process, which itself writes none.
 */
export function writtenByCommand(file: DumpFile, { pid, run }: { pid: number; run: string }): RunDumps {
  const { template } = file;
  const opened = new Map<string, Snapshot>();
  for (const [path, { stamp }] of existing(template)) {
    if (file.before.get(path)?.stamp === stamp) continue;
    const snapshot = openIfSound(path);
    if (snapshot?.metadata.run === run) opened.set(path, snapshot);
  }
  const replaced = file.before.get(template)?.stamp;
  const paths = [...opened.keys()].sort();
  const [only] = paths;
  if (paths.length !== 1) return { pid: String(pid), main: undefined, others: paths, replaced, opened };
  let main = only!;
  if (!template.includes(PLACEHOLDER) && stampOf(file) === replaced) {
    renameSync(main, template);
    opened.set(template, opened.get(main)!);
    main = template;
  }
  return { pid: String(pid), main, others: [], replaced, opened };
}

function openIfSound(path: string): Snapshot | undefined {
  try {
    return openSnapshot(path);
  } catch {
    return undefined;
  }
}

/** The state of the file with the name that was asked for; undefined: there is none. */
export function stampOf({ template }: DumpFile): string | undefined {
  return existing(template).get(template)?.stamp;
}

/** Removes what a process that was killed while it wrote has left: half a file, under a name that nobody asked for. */
export function removeUnfinished(file: DumpFile, pid: number): void {
  const folder = dirname(file.template);
  for (const name of listFolder(folder)) {
    if (!name.startsWith(`.tracemalloc-${pid}-`) || !name.endsWith(".tmp")) continue;
    try {
      rmSync(join(folder, name), { force: true });
    } catch {
      // Somebody else's file of a like name.
    }
  }
}

/** The path of the snapshot of one process: without `%p` the main process has the name to itself. */
export function withPid(template: string, pid: string): string {
  return template.replaceAll(PLACEHOLDER, pid);
}

/** The name that processes after the first one use. */
export function nameOfOthers(template: string): string {
  return nameWithId(template, PLACEHOLDER);
}

/** Whether a file is of this process, one of its workers, or a process that it has led to. */
function isOf(id: string, pid: string): boolean {
  return id === pid || id.startsWith(`${pid}.`) || id.startsWith(`${pid}-`);
}

/** A process's id stands after those of the processes that led to it, a worker's number after its process's: 123.456-1. */
const ID = "\\d+(?:\\.\\d+)*(?:-\\d+)?";

/** The files that a run may have written, with what tells their states apart and the ids in their names. */
function existing(template: string): Map<string, FoundFile> {
  const found = new Map<string, FoundFile>();
  const directory = dirname(template);
  const [before = "", ...rest] = basename(nameOfOthers(template))
    .split(PLACEHOLDER)
    .map((part) => part.replace(/[$()*+./?[\\\]^{|}-]/g, "\\$&"));
  // The same id wherever `%p` stands.
  const pattern = new RegExp(`^${before}(?<id>${ID})${rest.join("\\k<id>")}$`);
  for (const name of listFolder(directory)) {
    const id = pattern.exec(name)?.groups?.id;
    const path = join(directory, name);
    if (id === undefined && path !== template) continue;
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isFile()) found.set(path, { id: id ?? "", stamp: `${stat.ino} ${stat.mtimeMs} ${stat.size}` });
  }
  return found;
}

function listFolder(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
