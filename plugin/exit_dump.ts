import { resolve } from "node:path";
import { isMainThread, threadId } from "node:worker_threads";
import { collect, isTracing, takeSnapshot } from "../mod.ts";
import { collectGarbage } from "./collect_garbage.ts";
import { type DumpOwner, nameForChildren, withDumpName } from "./dump_name.ts";
import { onExit } from "./process_end.ts";
import { warn } from "./warn.ts";

/**
 * Writes a dump when the process ends: normally, by `process.exit`, by an uncaught error, by SIGINT, SIGTERM or SIGHUP.
 * What the program prints and its exit code stay as they were; a dump that cannot be written is a warning on stderr.
 *
 * FinalizationRegistry callbacks run between jobs, so at the end of the process they do not. Where the event loop
 * runs empty there is still time to `collect()`, and the dump is exact; elsewhere it is a collection without
 * callbacks, and the snapshot holds whatever the tracker knew before.
 *
 * @param out The file's name; see `withDumpName` for who writes where.
 * @returns Takes everything back; no dump is written any more.
 */
export function dumpAtExit(out: string): () => void {
  // The program may change its working directory, and its children start from theirs.
  const path = resolve(out);
  const owner: DumpOwner = {
    id: isMainThread ? `${process.pid}` : `${process.pid}-${threadId}`,
    startedAt: performance.timeOrigin,
    isWorker: !isMainThread,
  };
  const inherited = process.env.TRACEMALLOC_OUT;
  if (isMainThread) process.env.TRACEMALLOC_OUT = nameForChildren(path);
  const undo = onExit({ idle: collect, end: () => writeDump(path, owner) });
  return () => {
    undo();
    if (inherited === undefined) delete process.env.TRACEMALLOC_OUT;
    else process.env.TRACEMALLOC_OUT = inherited;
  };
}

function writeDump(path: string, owner: DumpOwner): void {
  try {
    if (!isTracing()) {
      warn(
        `tracemalloc: the dump was not written: ${path}: not tracing at exit (set TRACEMALLOC=1, or call start())`,
      );
      return;
    }
    collectGarbage();
    const snapshot = takeSnapshot();
    withDumpName(path, owner, (name) => snapshot.dump(name));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
    warn(`tracemalloc: the dump was not written: ${path}: ${reason}`);
  }
}
