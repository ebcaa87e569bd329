// Browser compatible.

import type { BlockColumns, SnapshotColumns, TracebackColumns } from "../model/columns.ts";
import { LABEL, LABEL_KEYS, PROFILE, SAMPLE, toInt64 } from "./fields.ts";
import { labelNumbers, writeLabels } from "./program_labels.ts";
import { type ProtoWriter, varintLength } from "./proto_writer.ts";
import type { StringNumbers } from "./string_numbers.ts";
import type { UsedFrames } from "./used_frames.ts";

type LabelKey = keyof typeof LABEL_KEYS;

/** Writes one sample per row of the snapshot. */
export class SampleWriter {
  private readonly writer: ProtoWriter;
  private readonly isDelta: boolean;
  private readonly blocks: BlockColumns;
  private readonly tracebacks: TracebackColumns;
  /** Numbers of strings: the types' names, the labels' keys (below 128: one byte), and a unit. */
  private readonly types: readonly number[];
  private readonly keys: Readonly<Record<LabelKey, number>>;
  private readonly bytesUnit: number;
  /** Numbers of strings: pid and worker of each process, one after the other. */
  private readonly processes: readonly number[];
  /** Numbers of strings: name and value of each label of each process. */
  private readonly labels: readonly (readonly number[])[];

  /** Puts what the samples will name into `strings`. */
  constructor(
    writer: ProtoWriter,
    columns: SnapshotColumns,
    { strings, isDelta }: { strings: StringNumbers; isDelta: boolean },
  ) {
    const { blocks, tracebacks, types, processes = [] } = columns;
    this.writer = writer;
    this.isDelta = isDelta;
    this.blocks = blocks;
    this.tracebacks = tracebacks;
    this.bytesUnit = strings.intern("bytes");
    const keys = Object.values(LABEL_KEYS).map((key) => [key, strings.intern(key)] as const);
    this.keys = Object.fromEntries(keys) as Record<LabelKey, number>;
    if (Math.max(this.bytesUnit, ...Object.values(this.keys)) > 127)
      throw new Error("the labels' keys must come first");
    this.types = types.map((name) => strings.intern(name));
    this.labels = labelNumbers(processes, strings);
    this.processes = processes.flatMap(({ pid, worker }) => [strings.intern(pid), strings.intern(worker)]);
  }

  write(used: UsedFrames): void {
    for (let row = 0; row < this.blocks.traceback.length; row++) {
      const start = this.writer.begin(PROFILE.sample, 2);
      this.writeLocationIds(this.blocks.traceback[row], used);
      this.writeValues(row);
      this.writeLabels(row);
      this.writer.end(start, 2);
    }
  }

  /** The leaf comes first, where our tracebacks begin with the oldest frame. */
  private writeLocationIds(traceback: number, { location, packedLength }: UsedFrames): void {
    const { writer } = this;
    const { offset, frames } = this.tracebacks;
    const length = packedLength[traceback];
    if (length === 0) return;
    writer.head(SAMPLE.locationId, length);
    // Written here rather than through `varint`: most of a large dump are these.
    const { bytes } = writer;
    let { pos } = writer;
    const first = offset[traceback];
    for (let i = offset[traceback + 1] - 1; i >= first; i--) {
      let id = location[frames[i]];
      while (id > 0x7f) {
        bytes[pos++] = (id & 0x7f) | 0x80;
        id >>>= 7;
      }
      bytes[pos++] = id;
    }
    writer.pos = pos;
  }

  private writeValues(row: number): void {
    const { writer, blocks } = this;
    const start = writer.begin(SAMPLE.value);
    this.value("allocatedCount", blocks.allocatedCount[row], row);
    this.value("allocatedSize", blocks.allocatedSize[row], row);
    this.value("count", blocks.count[row], row);
    // The product may be more than a double holds: `toInt64` knows what to do.
    this.int64(checked("size", blocks.size[row], row) * blocks.count[row]);
    writer.end(start);
  }

  private value(name: string, value: number, row: number): void {
    this.int64(this.isDelta && value < 0 ? value : checked(name, value, row));
  }

  /** What a difference shrank by is negative. */
  private int64(value: number): void {
    if (value < 0) this.writer.signedVarint(-toInt64(-value));
    else this.writer.varint(toInt64(value));
  }

  private writeLabels(row: number): void {
    const { blocks } = this;
    this.number("bytes", toInt64(blocks.size[row]), this.bytesUnit);
    this.number("domain", checked("domain", blocks.domain[row], row));
    this.text("type", this.types[blocks.type[row]]);
    if (blocks.process !== undefined) this.process(blocks.process[row]);
    const totalNframe = this.tracebacks.totalNframe[blocks.traceback[row]];
    if (totalNframe >= 0) this.number("totalNframe", totalNframe);
    if (blocks.peakCount !== undefined) this.peak(toInt64(checked("peakCount", blocks.peakCount[row], row)));
    this.exact("exactSize", blocks.size[row]);
    this.exact("exactCount", blocks.count[row]);
    this.exact("exactAllocatedCount", blocks.allocatedCount[row]);
    this.exact("exactAllocatedSize", blocks.allocatedSize[row]);
  }

  private number(key: LabelKey, value: number, unit = 0): void {
    const { writer } = this;
    this.beginLabel(key, 3 + varintLength(value) + (unit === 0 ? 0 : 2));
    writer.integer(LABEL.num, value);
    if (unit !== 0) writer.integer(LABEL.numUnit, unit);
  }

  /** Nothing where nothing was alive: most rows of a long run. */
  private peak(count: number): void {
    if (count > 0) this.number("peakCount", count);
  }

  private process(index: number): void {
    const worker = this.processes[index * 2 + 1];
    this.text("pid", this.processes[index * 2]);
    // String 0 is "": the main thread.
    if (worker !== 0) this.text("worker", worker);
    writeLabels(this.writer, this.labels[index]);
  }

  private text(key: LabelKey, string: number): void {
    this.beginLabel(key, 3 + varintLength(string));
    this.writer.integer(LABEL.str, string);
  }

  /** Nothing where the integer tells all. */
  private exact(key: LabelKey, value: number): void {
    if (toInt64(value) === value) return;
    const { writer } = this;
    const start = writer.begin(SAMPLE.label);
    writer.integer(LABEL.key, this.keys[key]);
    writer.floatBits(LABEL.num, value);
    writer.end(start);
  }

  /** Labels of known length are written without `begin` and `end`: there are four per row. */
  private beginLabel(key: LabelKey, length: number): void {
    this.writer.head(SAMPLE.label, length);
    this.writer.integer(LABEL.key, this.keys[key]);
  }
}

function checked(name: string, value: number, row: number): number {
  if (value >= 0 && value < Infinity) return value;
  throw new RangeError(`${name} of row ${row} is ${value}, which must be a finite number, 0 or more`);
}
