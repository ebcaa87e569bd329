// Browser compatible.

import {
  type BlockColumns,
  newBlockColumns,
  type ProcessName,
  type TracebackColumns,
} from "../model/columns.ts";
import { tracebackColumns } from "../model/traceback_sequences.ts";
import type { LocationFrames } from "./decode_frames.ts";
import type { ProfileHeader } from "./decode_header.ts";
import { LabelDecoder } from "./decode_labels.ts";
import { PROFILE, SAMPLE } from "./fields.ts";
import { addUp } from "./figures_in_all.ts";
import { IntSequences } from "./int_sequences.ts";
import { MAX_DEPTH } from "./limits.ts";
import { ProcessTable } from "./process_table.ts";
import { ProfileNames } from "./profile_names.ts";
import type { ProtoReader } from "./proto_reader.ts";
import { type Figures, figuresOf, newFigures } from "./sample_figures.ts";

/** What the samples of a profile make. */
export interface DecodedSamples {
  readonly tracebacks: TracebackColumns;
  readonly blocks: BlockColumns;
  readonly types: readonly string[];
  /** Absent where no sample names its process. */
  readonly processes?: readonly ProcessName[];
}

/** Reads the samples, one row each. */
export function decodeSamples(
  reader: ProtoReader,
  header: ProfileHeader,
  locations: LocationFrames,
): DecodedSamples {
  const decoder = new SampleDecoder(reader, header, locations);
  reader.pos = 0;
  while (reader.next()) {
    if (reader.field === PROFILE.sample) decoder.read();
    else reader.skip();
  }
  return decoder.finish();
}

/** Of a varint. */
const MAX_ID_BYTES = 10;
/** A hostile file may announce more samples than it has tracebacks. */
const EXPECTED_TRACEBACKS = 2 ** 20;

class SampleDecoder {
  private readonly reader: ProtoReader;
  private readonly header: ProfileHeader;
  private readonly locations: LocationFrames;
  private readonly labels: LabelDecoder;
  private readonly types = new ProfileNames();
  private readonly blocks: BlockColumns;
  private readonly figures: Figures = newFigures();
  /** Each traceback's frames, oldest first, and its totalNframe + 1 at the end. */
  private readonly tracebacks: IntSequences;
  private readonly processes: ProcessTable;
  /** Made for the first sample that has such a figure. */
  private peakCount: Float64Array | undefined;
  private row = 0;
  /** Of the current sample: its frames, the innermost first, and its values. */
  private stack = new Int32Array(1024);
  private depth = 0;
  private readonly values: Float64Array;
  /** Which of the values matter. */
  private readonly used: readonly number[];
  private valueCount = 0;
  /** Frames of locations with inlined lines, over all samples: a few bytes can name very many, and they take time. */
  private unfolded = 0;
  /** What the figures of all rows come to. */
  private readonly inAll: Figures = newFigures();

  constructor(reader: ProtoReader, header: ProfileHeader, locations: LocationFrames) {
    this.reader = reader;
    this.header = header;
    this.locations = locations;
    this.labels = new LabelDecoder(reader, header);
    this.values = new Float64Array(header.sampleTypeCount);
    this.used = Object.values(header.values).filter((index: number) => index !== -1);
    const rows = header.sampleCount;
    // As many tracebacks as samples at most; most of them in large dumps.
    this.tracebacks = new IntSequences(Math.min(rows, EXPECTED_TRACEBACKS));
    this.processes = new ProcessTable(header.strings, rows);
    this.blocks = newBlockColumns(rows);
  }

  read(): void {
    const { reader, labels } = this;
    const { tagOffset } = reader;
    this.depth = this.valueCount = 0;
    labels.reset();
    const outer = reader.enter("a sample");
    while (reader.next()) {
      if (reader.field === SAMPLE.locationId) this.readLocationIds();
      else if (reader.field === SAMPLE.value) this.readValues();
      else if (reader.field === SAMPLE.label) labels.read();
      else reader.skip();
    }
    reader.leave(outer);
    const { sampleTypeCount } = this.header;
    if (this.valueCount !== sampleTypeCount) {
      reader.fail(`a sample has ${this.valueCount} values for ${sampleTypeCount} sample types`, tagOffset);
    }
    for (const index of this.used) {
      if (this.values[index] < 0) {
        reader.fail(
          `a sample has the value ${this.values[index]}: differences of profiles are no snapshot`,
          tagOffset,
        );
      }
    }
    this.addRow();
  }

  private readLocationIds(): void {
    const { reader } = this;
    if (!reader.isPacked("a location of a sample")) {
      this.pushLocation(reader.identity());
      return;
    }
    const outer = reader.enter("the locations of a sample");
    const { single } = this.locations;
    // A location takes a byte at least.
    this.reserveStack(this.depth + reader.end - reader.pos);
    while (reader.pos < reader.end) {
      const id = reader.unsigned();
      const frame = id < single.length ? single[id] : -1;
      if (frame === -1) this.pushLocation(reader.lastIdentity(id));
      else this.stack[this.depth++] = frame;
    }
    reader.leave(outer);
  }

  private pushLocation(id: number | bigint): void {
    const { ids, start, frame } = this.locations;
    const index = ids.get(id);
    if (index === -1) this.reader.fail(`a sample names location ${id}, which is missing`);
    const from = start[index];
    const to = start[index + 1];
    this.unfolded += to - from;
    // What is left of the sample may be single frames, for which there must be room.
    if (this.unfolded > this.reader.limits.frames) this.failTooManyFrames();
    this.reserveStack(this.depth + to - from + this.reader.end - this.reader.pos);
    const { stack } = this;
    for (let i = from; i < to; i++) stack[this.depth++] = frame[i];
  }

  /** Makes room for `depth` frames, and one place more for totalNframe. */
  private reserveStack(depth: number): void {
    if (depth < this.stack.length) return;
    // Less than it may seem: where ids take several bytes each, there are less of them than bytes.
    if (depth > MAX_DEPTH * MAX_ID_BYTES) this.reader.failOver(MAX_DEPTH, "frames in a sample");
    const larger = new Int32Array(Math.max(this.stack.length * 2, depth + 1));
    larger.set(this.stack);
    this.stack = larger;
  }

  private failTooManyFrames(): never {
    return this.reader.failOver(this.reader.limits.frames, "frames in tracebacks");
  }

  private readValues(): void {
    const { reader } = this;
    if (!reader.isPacked("a value of a sample")) {
      this.pushValue(reader.signed());
      return;
    }
    const outer = reader.enter("the values of a sample");
    while (reader.pos < reader.end) this.pushValue(reader.signed());
    reader.leave(outer);
  }

  private pushValue(value: number): void {
    if (this.valueCount === this.values.length) {
      this.reader.fail(`a sample has more values than the ${this.values.length} sample types`);
    }
    this.values[this.valueCount++] = value;
  }

  private addRow(): void {
    const { blocks, labels, figures, row } = this;
    figuresOf(
      this.values,
      labels,
      { columns: this.header.values, own: this.header.document !== undefined },
      figures,
    );
    blocks.traceback[row] = this.internTraceback();
    blocks.type[row] = this.typeNumber();
    blocks.domain[row] = Math.max(labels.domain, 0);
    blocks.size[row] = figures.size;
    blocks.count[row] = figures.count;
    blocks.allocatedCount[row] = figures.allocatedCount;
    blocks.allocatedSize[row] = figures.allocatedSize;
    this.processes.add(row, labels);
    if (labels.peakCount >= 0)
      (this.peakCount ??= new Float64Array(blocks.count.length))[row] = labels.peakCount;
    addUp(this.inAll, figures, labels, this.reader);
    this.row++;
  }

  private typeNumber(): number {
    if (this.labels.type !== -1) return this.types.numberOf(this.header.strings, this.labels.type);
    return this.types.intern(this.header.document === undefined ? "<unknown>" : "");
  }

  private internTraceback(): number {
    const { stack, depth } = this;
    if (depth > MAX_DEPTH) this.reader.failOver(MAX_DEPTH, "frames in a sample");
    for (let low = 0, high = depth - 1; low < high; low++, high--) {
      const frame = stack[low];
      stack[low] = stack[high];
      stack[high] = frame;
    }
    stack[depth] = this.labels.totalNframe;
    const number = this.tracebacks.intern(stack, depth + 1);
    if (this.tracebacks.length > this.reader.limits.frames + this.tracebacks.size) this.failTooManyFrames();
    return number;
  }

  finish(): DecodedSamples {
    const { types, processes, peakCount } = this;
    const { data, offset, size } = this.tracebacks;
    return {
      tracebacks: tracebackColumns({ pool: data, offset }, size),
      blocks: {
        ...this.blocks,
        ...(processes.rows !== undefined && { process: processes.rows }),
        ...(peakCount !== undefined && { peakCount }),
      },
      types: types.names,
      ...(processes.rows !== undefined && { processes: processes.list }),
    };
  }
}
