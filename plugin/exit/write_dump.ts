import { statSync } from "node:fs";
import { writeFileAtomically } from "../../src/tracing.ts";
import { type DumpOwner, ownName, withDumpName } from "./dump_name.ts";
import { writePipe } from "./write_pipe.ts";

/**
 * Writes this process's dump to the file that is its own; see {@linkcode withDumpName} for which that is.
 *
 * The name is only settled when all bytes are on the disk: whenever the process is killed, nobody finds a part of a file,
 * and a lock beside it exists for no longer than it takes to rename one.
 */
export function writeDumpFile(out: string, owner: DumpOwner, bytes: Uint8Array): void {
  // A file that this process has written itself is newer than its start, and still its own.
  const name = owner.written ?? ownName(out, owner) ?? claim(out, owner, bytes);
  if (name === null) return;
  if (isPipe(name)) writePipe(name, bytes);
  else writeFileAtomically(name, bytes);
  owner.written = name;
}

/** Writes to the name that several processes may want, if nobody else has it; else gives the name to use instead. */
function claim(out: string, owner: DumpOwner, bytes: Uint8Array): string | null {
  if (isPipe(out)) return out;
  let own: string | null = null;
  writeFileAtomically(out, bytes, (move) => {
    withDumpName(out, owner, (name) => {
      if (name === out) move();
      else own = name;
    });
  });
  if (own === null) owner.written = out;
  return own;
}

/** What can be neither replaced nor told apart by a name beside it: a pipe, a terminal, `/dev/null`. */
function isPipe(out: string): boolean {
  const status = statSync(out, { throwIfNoEntry: false });
  return status !== undefined && !status.isFile() && !status.isDirectory();
}
