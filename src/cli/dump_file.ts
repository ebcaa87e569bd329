import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { absolutePath } from "../working_folder.ts";
import { InputError } from "./cli_error.ts";

/**
 * The file that a run writes its snapshot to. Each process of the program writes its own: `%p` in the name stands
 * for the process id.
 */
export interface DumpFile {
  /** The absolute path, with `%p`. */
  readonly template: string;
  /** What stood there before the run: paths and the times of their last change. */
  readonly before: ReadonlyMap<string, string>;
}

/** Where a program's snapshot goes when nothing else is said. */
export function defaultDumpName(script: string): string {
  const name = basename(script)
    .replace(/(?<=.)\.[^.]*$/, "")
    .replace(/[^\p{L}\p{N}._-]/gu, "_");
  return `tracemalloc-${name}-%p.pb.gz`;
}

/** Makes a note of what stands at the place before the program runs. */
export function dumpFile(name: string): DumpFile {
  const template = absolutePath(name);
  if (template === null) {
    throw new InputError(
      `cannot write ${name}: the working directory does not exist any more; --output takes an absolute path`,
    );
  }
  return { template, before: existing(template) };
}

/**
 * The snapshots that the run wrote: the main process's first, or `undefined` in its place when there is none. The others
 * are of its workers and of the processes that it started, and that these started.
 */
export function written(file: DumpFile, pid: number): { main: string | undefined; others: string[] } {
  // The name with the id first: the plain one may be that of another run that ended meanwhile.
  const names = [nameOfOthers(file.template), file.template].map((name) => withPid(name, String(pid)));
  const fresh = [...existing(file.template, String(pid))]
    .filter(([path, stamp]) => file.before.get(path) !== stamp)
    .map(([path]) => path);
  const main = names.find((path) => fresh.includes(path));
  return {
    main,
    others: fresh.filter((path) => path !== main).sort(),
  };
}

/** The path of the snapshot of one process: without `%p` the main process has the name to itself. */
export function withPid(template: string, pid: string): string {
  return template.replaceAll("%p", pid);
}

/** The name that processes after the first one use, as `plugin/dump_name.ts` makes it. */
export function nameOfOthers(template: string): string {
  if (template.includes("%p")) return template;
  return template.endsWith(".pb.gz") ? `${template.slice(0, -".pb.gz".length)}.%p.pb.gz` : `${template}.%p`;
}

/** @param pid Only files of this process and of those that it started. */
function existing(template: string, pid = "\\d+"): Map<string, string> {
  const found = new Map<string, string>();
  const directory = dirname(template);
  const patterns = [template, nameOfOthers(template)].map((name) => {
    const parts = basename(name).split("%p");
    // A process's id stands after those of the processes that led to it, a worker's number after its process's: 123.456-1.
    return parts
      .map((part) => part.replace(/[$()*+./?[\\\]^{|}-]/g, "\\$&"))
      .join(`${pid}(?:\\.\\d+)*(?:-\\d+)?`);
  });
  const pattern = new RegExp(`^(?:${patterns.join("|")})$`);
  for (const name of listFolder(directory).filter((one) => pattern.test(one))) {
    const path = join(directory, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isFile()) found.set(path, `${stat.ino} ${stat.mtimeMs} ${stat.size}`);
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
