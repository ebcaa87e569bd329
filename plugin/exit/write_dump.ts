import { isSpecial } from "../../src/host/special_file.ts";
import { writePipe } from "../../src/host/write_pipe.ts";
import { writeFileAtomically } from "../../src/tracing.ts";
import { type DumpOwner, ownName, withDumpName } from "./dump_name.ts";

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
  if (isSpecial(name)) writePipe(name, bytes);
  else writeFileAtomically(name, bytes);
  owner.written = name;
}

/** Writes to the name that several processes may want, if nobody else has it; else gives the name to use instead. */
function claim(out: string, owner: DumpOwner, bytes: Uint8Array): string | null {
  if (isSpecial(out)) return out;
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
