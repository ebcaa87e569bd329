/** What stands for the process id in the name of a dump. */
export const PLACEHOLDER = "%p";

/** What names of files take of a script's, which is given without its folder: `server.js` becomes `server`. */
export function scriptStem(name: string): string {
  return name.replace(/(?<=.)\.[^.]*$/, "").replace(/[^\p{L}\p{N}._-]/gu, "_");
}

/** Where a program's snapshot goes when nothing else is said. */
export function defaultName(stem: string): string {
  return `tracemalloc-${stem}-${PLACEHOLDER}.pb.gz`;
}

/** The file's name with the id in it: `app.pb.gz` becomes `app.123.pb.gz`; a `%p` says where it goes. */
export function nameWithId(out: string, id: string): string {
  if (out.includes(PLACEHOLDER)) return out.replaceAll(PLACEHOLDER, id);
  return out.endsWith(".pb.gz") ? `${out.slice(0, -".pb.gz".length)}.${id}.pb.gz` : `${out}.${id}.pb.gz`;
}

/**
 * The value that processes started from this one get to see, so that each of them writes a file of its own, whose name
 * tells who started it: `app.123.%p.pb.gz`.
 */
export function nameForChildren(out: string, id: string): string {
  return nameWithId(out, `${id}.${PLACEHOLDER}`);
}

/** The name for a worker: its number after the id of its process, `app.123-1.pb.gz`. */
export function nameForWorker(out: string, { id, worker }: { id: string; worker: number }): string {
  // What its process has made of the name for children is what a worker sees.
  const forChildren = `${id}.${PLACEHOLDER}`;
  if (out.includes(forChildren)) return out.replaceAll(forChildren, `${id}-${worker}`);
  return nameWithId(out, `${id}-${worker}`);
}

/** The name of a snapshot that somebody has asked for while its process lives: `app.123.snapshot-1.pb.gz`. No run merges those. */
export function nameForRequest(out: string, { id, number }: { id: string; number: number }): string {
  const own = nameWithId(out, id);
  const stem = own.endsWith(".pb.gz") ? own.slice(0, -".pb.gz".length) : own;
  return `${stem}.snapshot-${number}.pb.gz`;
}
