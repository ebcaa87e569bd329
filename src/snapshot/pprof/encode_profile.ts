// Browser compatible.

import type { SnapshotColumns } from "../model/columns.ts";
import { formatDocument } from "./document.ts";
import { SampleWriter } from "./encode_samples.ts";
import { FUNCTION, LINE, LOCATION, PROFILE, SAMPLE_TYPES, toInt64, VALUE_TYPE } from "./fields.ts";
import { IntSequences } from "./int_sequences.ts";
import { ProtoWriter } from "./proto_writer.ts";
import { StringNumbers } from "./string_numbers.ts";
import { type UsedFrames, usedFrames } from "./used_frames.ts";

/**
 * The snapshot as an uncompressed `profile.proto`.
 *
 * The samples come before what they point to, and the strings last with our comment at their very end: a file that
 * was cut off anywhere points to something missing, so it can't be taken for a whole one. In a difference between two
 * snapshots, figures may be negative.
 */
export function encodeProfile(
  columns: SnapshotColumns,
  metadata: Record<string, unknown>,
  { isDelta = false }: { isDelta?: boolean } = {},
): Uint8Array<ArrayBuffer> {
  const writer = new ProtoWriter();
  const strings = new StringNumbers();
  const used = usedFrames(columns);
  writeTypes(writer, strings);
  writeTime(writer, metadata);
  const samples = new SampleWriter(writer, columns, { strings, isDelta });
  const functions = functionsOf(columns, used, strings);
  // All other strings are in the table by now: the comment is the last.
  const comment = strings.append(formatDocument({ tracebackLimit: columns.tracebackLimit, metadata }));
  writer.integer(PROFILE.comment, comment);
  samples.write(used);
  writeLocations(writer, columns, used, functions);
  writeFunctions(writer, functions);
  for (const text of strings.names) writer.string(PROFILE.stringTable, text);
  return writer.finish();
}

function writeTypes(writer: ProtoWriter, strings: StringNumbers): void {
  for (const type of SAMPLE_TYPES) writeValueType(writer, PROFILE.sampleType, type, strings);
  writeValueType(writer, PROFILE.periodType, ["space", "bytes"], strings);
  writer.integer(PROFILE.defaultSampleType, strings.intern("inuse_space"));
}

function writeValueType(
  writer: ProtoWriter,
  field: number,
  [type, unit]: readonly [string, string],
  strings: StringNumbers,
): void {
  const start = writer.begin(field);
  writer.integer(VALUE_TYPE.type, strings.intern(type));
  writer.integer(VALUE_TYPE.unit, strings.intern(unit));
  writer.end(start);
}

/** `metadata.time`: milliseconds since 1970, or a date as JSON writes it. */
function writeTime(writer: ProtoWriter, metadata: Record<string, unknown>): void {
  const { time } = metadata;
  const milliseconds =
    typeof time === "string" ? Date.parse(time) : time instanceof Date ? time.getTime() : time;
  if (typeof milliseconds !== "number" || !(milliseconds >= 0 && milliseconds < 2 ** 53)) return;
  writer.integer(PROFILE.timeNanos, toInt64(milliseconds * 1e6));
}

/** Functions as (shown name, name, file, line of declaration), the first three as numbers of strings. */
interface Functions {
  readonly table: IntSequences;
  /** Function of the location with the id `i + 1`. */
  readonly ofLocation: Int32Array;
}

function functionsOf({ frames }: SnapshotColumns, used: UsedFrames, strings: StringNumbers): Functions {
  const table = new IntSequences();
  const ofLocation = new Int32Array(used.frames.length);
  const entry = [0, 0, 0, 0];
  for (let i = 0; i < ofLocation.length; i++) {
    const frame = used.frames[i];
    const name = frames.functionNames[frames.functionName[frame]];
    entry[0] = strings.intern(shownName(name));
    entry[1] = strings.intern(name);
    entry[2] = strings.intern(frames.filenames[frames.filename[frame]]);
    entry[3] = frames.functionLine[frame];
    ofLocation[i] = table.intern(entry, 4);
  }
  return { table, ofLocation };
}

/** `go tool pprof` takes what stands in `<…>` for a C++ template's arguments and drops it: `<module>` would be nameless. */
function shownName(name: string): string {
  return name.startsWith("<") && name.endsWith(">") ? `(${name.slice(1, -1)})` : name;
}

function writeLocations(
  writer: ProtoWriter,
  { frames }: SnapshotColumns,
  used: UsedFrames,
  { ofLocation }: Functions,
): void {
  for (let i = 0; i < ofLocation.length; i++) {
    const frame = used.frames[i];
    const location = writer.begin(PROFILE.location);
    writer.integer(LOCATION.id, i + 1);
    const line = writer.begin(LOCATION.line);
    writer.integer(LINE.functionId, ofLocation[i] + 1);
    writer.integer(LINE.line, frames.lineno[frame]);
    if (frames.column[frame] > 0) writer.integer(LINE.column, frames.column[frame]);
    writer.end(line);
    writer.end(location);
  }
}

function writeFunctions(writer: ProtoWriter, { table }: Functions): void {
  for (let i = 0; i < table.size; i++) {
    const [shown, name, filename, startLine] = table.data.subarray(i * 4, i * 4 + 4);
    const start = writer.begin(PROFILE.function);
    writer.integer(FUNCTION.id, i + 1);
    writer.integer(FUNCTION.name, shown);
    writer.integer(FUNCTION.systemName, name);
    writer.integer(FUNCTION.filename, filename);
    if (startLine > 0) writer.integer(FUNCTION.startLine, startLine);
    writer.end(start);
  }
}
