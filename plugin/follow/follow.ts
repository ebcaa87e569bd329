import { threadNumber } from "../../src/host/thread.ts";
import { followChildren } from "./follow_children.ts";
import { followWorkers } from "./follow_workers.ts";

/**
 * Has the workers and processes that the program starts traced, too: each loads the preload that this one has loaded.
 *
 * @param preload The preload's URL. Only a file can be named to other processes.
 * @param options.children Whether processes are, and not workers alone.
 * @returns Takes it back.
 */
export function follow(preload: string, { children }: { children: boolean }): () => void {
  if (!preload.startsWith("file:")) return () => {};
  const undos = [followWorkers(preload)];
  // A worker's environment is a copy of one that has it.
  if (children && threadNumber() === 0) undos.push(followChildren(preload));
  return () => {
    for (const undo of undos) undo();
  };
}
