import { realpathSync } from "node:fs";
import { basename } from "node:path";
import { readScript } from "../../snapshot/model/script_text.ts";
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { formatSize } from "../../statistics/format_size.ts";
import { escapeText } from "../../vocabulary/escape_text.ts";
import { InputError } from "../cli_error.ts";

/** Lines of a source file with their numbers, and before them what they hold. */
export function sourceLines(
  path: string,
  { name, line, around, snapshot }: { name: string; line: number; around: number; snapshot: Snapshot | null },
): string[] {
  const script = readScript(path);
  if (script === undefined) throw new InputError(`cannot read ${name}: it is no source file of up to 32 MiB`);
  const lines = script.text.split(/\r\n|[\n\r\u2028\u2029]/);
  const from = Math.max(1, Math.min(line, lines.length) - around);
  const to = Math.min(lines.length, from + 2 * around);
  const held = snapshot === null ? null : heldByLine(snapshot, path);
  const shown = [`${name}, lines ${from} to ${to} of ${lines.length}`];
  if (held !== null) shown[0] += "; left of a line: bytes alive, blocks alive";
  for (let at = from; at <= to; at++) {
    const figures = held?.get(at);
    const figure =
      figures === undefined
        ? ""
        : `${formatSize(figures.size)}, ${Math.round(figures.count).toLocaleString("en")}`;
    const text = escapeText(lines[at - 1]!.replaceAll("\t", "  "));
    shown.push(`${held === null ? "" : figure.padStart(22)}${String(at).padStart(6)}  ${text}`.trimEnd());
  }
  return shown;
}

function heldByLine(snapshot: Snapshot, path: string): Map<number, { size: number; count: number }> {
  const names = new Set(snapshot.columns.frames.filenames.filter((name) => isSameFile(name, path)));
  const found = new Map<number, { size: number; count: number }>();
  for (const { size, count, traceback } of snapshot.statistics("lineno")) {
    const frame = traceback.at(-1)!;
    if (size > 0 && names.has(frame.filename)) found.set(frame.lineno, { size, count });
  }
  return found;
}

/** A snapshot has names as the runtime had them, which may have led through links. */
function isSameFile(name: string, path: string): boolean {
  if (name === path) return true;
  if (basename(name) !== basename(path)) return false;
  try {
    return realpathSync(name) === path;
  } catch {
    return false;
  }
}
