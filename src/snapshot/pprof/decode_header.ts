// Browser compatible.

import { isDocument, parseDocument, type SnapshotDocument } from "./document.ts";
import { PROFILE, VALUE_TYPE } from "./fields.ts";
import type { ProtoReader } from "./proto_reader.ts";
import { findValueColumns, type SampleType, type ValueColumns } from "./sample_types.ts";
import { StringTable } from "./string_table.ts";

const MAX_SAMPLE_TYPES = 1024;
const MAX_COMMENTS = 65536;

/** What must be known of a profile before its locations and samples can be read. */
export interface ProfileHeader {
  readonly strings: StringTable;
  /** As many as each sample has values. */
  readonly sampleTypeCount: number;
  readonly values: ValueColumns;
  readonly sampleCount: number;
  /** Where fields other than samples are: start and end of each run, one after the other. */
  readonly otherFields: readonly number[];
  /** What our own dumps carry; undefined: another tool wrote the profile. */
  readonly document: SnapshotDocument | undefined;
  /** For profiles of other tools: what their header tells. */
  readonly metadata: Record<string, unknown>;
}

/** Reads the header's fields, wherever in the profile they are. */
export function decodeHeader(reader: ProtoReader): ProfileHeader {
  const strings = new StringTable(reader);
  const types: { type: number; unit: number }[] = [];
  const comments = new Set<number>();
  const runs = new Runs();
  const counts: number[] = [0, 0, 0, 0, 0, 0];
  const { limits } = reader;
  let sampleCount = 0;
  let timeNanos = 0;
  while (reader.next()) {
    runs.note(reader.tagOffset, reader.field === PROFILE.sample);
    if (reader.field === PROFILE.sample) {
      if (++sampleCount > limits.samples) reader.failOver(limits.samples, "samples");
      reader.skip();
    } else if (reader.field === PROFILE.stringTable) strings.add();
    else if (reader.field === PROFILE.sampleType) {
      if (types.length === MAX_SAMPLE_TYPES) reader.fail(`more than ${MAX_SAMPLE_TYPES} sample types`);
      types.push(readValueType(reader));
    } else if (reader.field === PROFILE.comment) readComments(reader, comments);
    else if (reader.field === PROFILE.timeNanos) {
      reader.expectVarint("time_nanos");
      timeNanos = reader.signed();
    } else {
      const counted = reader.field in COUNTED ? reader.field : 0;
      if (++counts[counted] > limits.entries) reader.failOver(limits.entries, COUNTED[counted]);
      reader.skip();
    }
  }
  const sampleTypes: SampleType[] = types.map(({ type, unit }) => ({
    // A thousand types may share a name of megabytes; those that mean something have twenty characters.
    type: strings.get(strings.checked(type, "a sample type")).slice(0, 1000),
    unit: strings.get(strings.checked(unit, "the unit of a sample type")).slice(0, 1000),
  }));
  // A hostile file may repeat one comment very often.
  const texts = Array.from(comments, (comment) => strings.get(strings.checked(comment, "a comment")));
  return {
    strings,
    sampleTypeCount: types.length,
    values: findValueColumns(sampleTypes, reader),
    sampleCount,
    otherFields: runs.finish(reader.end),
    document: ownDocument(texts, reader.filename),
    metadata: foreignMetadata(sampleTypes, timeNanos, texts),
  };
}

/** What is counted before any of it is kept. Fields that we do not read, all together at 0, cost time in every walk. */
const COUNTED: Readonly<Record<number, string>> = {
  0: "unknown fields",
  [PROFILE.mapping]: "mappings",
  [PROFILE.location]: "locations",
  [PROFILE.function]: "functions",
};

const MAX_RUNS = 4096;

/** Finds the runs of fields between the samples, so that a million samples are passed over once. */
class Runs {
  readonly #bounds: number[] = [];
  #areSamples = true;

  note(offset: number, isSample: boolean): void {
    if (isSample === this.#areSamples) return;
    this.#areSamples = isSample;
    this.#bounds.push(offset);
  }

  /** Where samples and the rest alternate, all is one run. */
  finish(end: number): readonly number[] {
    if (this.#bounds.length > MAX_RUNS) return [0, end];
    return this.#areSamples ? this.#bounds : [...this.#bounds, end];
  }
}

function readValueType(reader: ProtoReader): { type: number; unit: number } {
  const result = { type: 0, unit: 0 };
  const outer = reader.enter("a sample type");
  while (reader.next()) {
    if (reader.field === VALUE_TYPE.type) {
      reader.expectVarint("the name of a sample type");
      result.type = reader.signed();
    } else if (reader.field === VALUE_TYPE.unit) {
      reader.expectVarint("the unit of a sample type");
      result.unit = reader.signed();
    } else reader.skip();
  }
  reader.leave(outer);
  return result;
}

function readComments(reader: ProtoReader, comments: Set<number>): void {
  if (reader.isPacked("a comment")) {
    const outer = reader.enter("a comment");
    while (reader.pos < reader.end && comments.size <= MAX_COMMENTS) comments.add(reader.signed());
    reader.leave(outer);
  } else comments.add(reader.signed());
  if (comments.size > MAX_COMMENTS) reader.fail(`more than ${MAX_COMMENTS} comments`);
}

/** pprof's tools keep all comments when they merge profiles: the first one's metadata counts then. */
function ownDocument(comments: readonly string[], filename: string): SnapshotDocument | undefined {
  const documents = comments.filter(isDocument).map((comment) => parseDocument(comment, filename));
  if (documents.length === 0) return undefined;
  const tracebackLimit = documents.reduce((limit, document) => Math.max(limit, document.tracebackLimit), 0);
  return { tracebackLimit, metadata: documents[0].metadata };
}

function foreignMetadata(
  sampleTypes: readonly SampleType[],
  timeNanos: number,
  comments: string[],
): Record<string, unknown> {
  return {
    sampleTypes: sampleTypes.map(({ type, unit }) => `${type}/${unit}`),
    ...(timeNanos > 0 ? { time: timeNanos / 1e6 } : {}),
    ...(comments.length > 0 ? { comments } : {}),
  };
}
