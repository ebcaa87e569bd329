import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { encodeSnapshot } from "../../../src/snapshot/pprof/dump.ts";
import { MAX_DEPTH, readLimits } from "../../../src/snapshot/pprof/limits.ts";
import { decodeSnapshot } from "../../../src/snapshot/pprof/load.ts";
import { ProtoWriter } from "../../../src/snapshot/pprof/proto_writer.ts";
import { SnapshotFormatError } from "../../../src/vocabulary/errors.ts";
import { APP_ROWS, toColumns } from "../model/columns_fixture.ts";

/** Bun's own limit for a test is five seconds, which a busy machine exceeds. */
const slow = { timeout: 120_000 };

/** A gzipped profile of `inuse_space/bytes`, and after it what `write` adds. */
function profile(write: (writer: ProtoWriter) => void, strings: readonly string[] = []): Uint8Array {
  const writer = new ProtoWriter();
  const type = writer.begin(1);
  writer.integer(1, 1);
  writer.integer(2, 2);
  writer.end(type);
  for (const text of ["", "inuse_space", "bytes", ...strings]) writer.string(6, text);
  write(writer);
  return gzipSync(writer.finish(), { level: 1 });
}

/** So many times the same bytes. */
function repeated(writer: ProtoWriter, bytes: readonly number[], times: number): void {
  writer.reserve(bytes.length * times);
  for (let i = 0; i < times; i++) for (const byte of bytes) writer.bytes[writer.pos++] = byte;
}

/** A sample with so many frames, all of location 1, and a value of 8. */
function sample(writer: ProtoWriter, frames: number): void {
  const width = (value: number): number => (value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : 4);
  writer.head(2, 1 + width(frames) + frames + 2);
  writer.head(1, frames);
  repeated(writer, [1], frames);
  writer.integer(2, 8);
}

function refusal(bytes: Uint8Array): string {
  return assertThrows(() => decodeSnapshot(bytes, { filename: "f" }), SnapshotFormatError).message;
}

const location = [0x22, 2, 8, 1];
/** One field each, as protobuf has it. */
const FIELDS: Readonly<Record<string, readonly number[]>> = {
  samples: [0x12, 2, 0x10, 1],
  strings: [0x32, 0],
  mappings: [0x1a, 2, 8, 1],
  functions: [0x2a, 2, 8, 1],
  locations: location,
  "unknown fields": [0x78, 1],
};

for (const [what, field] of Object.entries(FIELDS)) {
  test(`a small file of very many ${what} is refused, and says what is allowed`, slow, () => {
    const bytes = profile((writer) => repeated(writer, field, what === "samples" ? 2_500_000 : 1_200_000));
    const limits = readLimits(bytes.length);
    const limit = what === "samples" ? limits.samples : limits.entries;
    assertStringIncludes(
      refusal(bytes),
      `more than ${limit} ${what}, the most that is read of a file of this size`,
    );
  });
}

test("as many samples as any file may have are read", slow, () => {
  const bytes = profile((writer) => repeated(writer, FIELDS.samples!, 2 ** 21));
  // Rows of another tool's profile that are alike are one.
  assertEquals([...decodeSnapshot(bytes).columns.blocks.count], [2 ** 21]);
});

test("a file may hold the more the larger it is, and never more than memory takes", () => {
  const [small, medium, huge] = [0, 1_000_000, 2 ** 30].map(readLimits) as [
    ReturnType<typeof readLimits>,
    ReturnType<typeof readLimits>,
    ReturnType<typeof readLimits>,
  ];
  for (const kind of ["bytes", "samples", "entries", "frames"] as const) {
    assert(small[kind] < medium[kind] && medium[kind] <= huge[kind], kind);
  }
  // A million tracebacks of 25 frames, all different, are 60 MB of file.
  const large = readLimits(60_000_000);
  assert(large.bytes > 103_000_000 && large.samples > 1_000_000 && large.frames > 25_000_000);
});

test("a stack is read up to its limit, and not above", slow, () => {
  const stack = (frames: number): Uint8Array =>
    profile((writer) => {
      repeated(writer, location, 1);
      sample(writer, frames);
    });
  assertEquals(decodeSnapshot(stack(MAX_DEPTH)).columns.tracebacks.frames.length, MAX_DEPTH);
  for (const frames of [MAX_DEPTH + 1, 2 ** 24]) {
    assertStringIncludes(refusal(stack(frames)), `more than ${MAX_DEPTH} frames in a sample`);
  }
});

test("a comment that is repeated is kept once", () => {
  const bytes = profile((writer) => repeated(writer, [0x68, 3], 60_000), ["from elsewhere"]);
  assertEquals(decodeSnapshot(bytes).metadata.comments, ["from elsewhere"]);
});

test("names of sample types are kept short: a thousand types may share one of megabytes", () => {
  const bytes = profile((writer) => repeated(writer, [0x0a, 4, 8, 3, 0x10, 3], 500), ["x".repeat(2 ** 20)]);
  const types = decodeSnapshot(bytes).metadata.sampleTypes as string[];
  assertEquals(types.length, 501);
  assert(types.join("").length < 2_000_000);
});

test("metadata that could not be read again are not written", () => {
  const text = "é".repeat(2 ** 23);
  assertThrows(() => encodeSnapshot(toColumns(APP_ROWS), { text }), RangeError, "more than 8388608");
});

test("a prototype in metadata is dropped, however it is spelt", () => {
  for (const key of ["__proto__", "\\u005f_proto__"]) {
    const own = `tracemalloc/1 {"version":1,"tracebackLimit":1,"metadata":{"${key}":{"a":1},"b":2}}`;
    const { metadata } = decodeSnapshot(profile((writer) => writer.integer(13, 3), [own]));
    assertEquals(Object.getOwnPropertyNames(metadata), ["b"]);
  }
});
