import { test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { assert, assertEquals, assertFalse, assertInstanceOf, assertThrows } from "@std/assert";
import { encodeSnapshot } from "../../../src/snapshot/pprof/dump.ts";
import { decodeSnapshot } from "../../../src/snapshot/pprof/load.ts";
import { ProtoWriter } from "../../../src/snapshot/pprof/proto_writer.ts";
import { foreignFormat as inPage } from "../../../src/snapshot/pprof/sniff_in_page.ts";
import { SnapshotFormatError } from "../../../src/vocabulary/errors.ts";
import { APP_ROWS, toColumns, toRows } from "../model/columns_fixture.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const dump = encodeSnapshot(toColumns(APP_ROWS), { name: "名" });
const payload = new Uint8Array(gunzipSync(dump));

function failure(bytes: Uint8Array): SnapshotFormatError {
  const error = assertThrows(() => decodeSnapshot(bytes, { filename: "a.pb.gz" }), SnapshotFormatError);
  assert(error.message.startsWith("a.pb.gz"), error.message);
  assertEquals(error.filename, "a.pb.gz");
  return error;
}

/** Loads or throws a SnapshotFormatError; true: it loaded. */
function loads(bytes: Uint8Array): boolean {
  try {
    decodeSnapshot(bytes);
    return true;
  } catch (error) {
    assertInstanceOf(error, SnapshotFormatError);
    assertEquals((error as SnapshotFormatError).cause instanceof RangeError, false);
    return false;
  }
}

/** A profile of `inuse_space/bytes` with whatever `write` adds. */
function profile(
  write: (writer: ProtoWriter) => void,
  strings: string[] = ["", "inuse_space", "bytes"],
): Uint8Array {
  const writer = new ProtoWriter();
  const type = writer.begin(1);
  writer.integer(1, 1);
  writer.integer(2, 2);
  writer.end(type);
  for (const text of strings) writer.string(6, text);
  write(writer);
  return writer.finish();
}

function message(writer: ProtoWriter, field: number, fields: [number, number][]): void {
  const start = writer.begin(field);
  for (const [number, value] of fields) writer.integer(number, value);
  writer.end(start);
}

test("files of other formats are named", () => {
  assertEquals(
    failure(new Uint8Array()).message,
    "a.pb.gz at byte 0: not a snapshot or pprof profile, but an empty file",
  );
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  assert(failure(png).message.includes("PNG"));
  assert(failure(utf8('{"head":{}}')).message.includes("JSON"));
  assert(failure(utf8("<!DOCTYPE html><p>")).message.includes("HTML"));
  assert(failure(gzipSync(utf8('{"head":{}}'))).message.includes("JSON"));
  for (const text of ["hello, world", "\n\n{}", "MZ\u0090", "heap profile: 1: 2 [3: 4] @"])
    failure(utf8(text));
});

test("pages know no other formats", () => {
  assertEquals(inPage(), undefined);
});

test("every truncation of a dump is found, compressed or not", () => {
  for (let length = 0; length < dump.length; length++) failure(dump.subarray(0, length));
  for (let length = 0; length < payload.length; length++) failure(payload.subarray(0, length));
});

test("corrupt gzip data is told from truncated", () => {
  assert(failure(dump.subarray(0, -9)).message.includes("truncated"));
  const corrupt = dump.slice();
  corrupt[corrupt.length - 6] ^= 1;
  assert(failure(corrupt).message.includes("corrupt"));
});

test("random damage loads or is a SnapshotFormatError", () => {
  let state = 1;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const outcomes = { loaded: 0, refused: 0 };
  for (let run = 0; run < 4000; run++) {
    const damaged = payload.slice();
    for (let flips = 1 + random(3); flips > 0; flips--) damaged[random(damaged.length)] = random(256);
    if (loads(damaged)) outcomes.loaded++;
    else outcomes.refused++;
  }
  for (let run = 0; run < 2000; run++) loads(Uint8Array.from({ length: random(60) }, () => random(256)));
  assert(outcomes.loaded > 0 && outcomes.refused > 0, JSON.stringify(outcomes));
});

// Bun's own limit for a test is five seconds, which a busy machine exceeds.
const slow = { timeout: 120_000 };

test("a file that decompresses to more than the limit is refused", slow, () => {
  // 4 members of 64 MiB of zeros in 261 kB, all in a field that nobody reads.
  const member = gzipSync(new Uint8Array(2 ** 26), { level: 9 });
  const bomb = new Uint8Array(member.length * 4);
  for (let i = 0; i < 4; i++) bomb.set(member, i * member.length);
  assert(failure(bomb).message.includes(`more than ${2 ** 27 + 64 * bomb.length} bytes`));
});

test("numbers that point nowhere are refused with their offset", () => {
  const sample: [number, number][] = [
    [1, 1],
    [2, 5],
  ];
  const location = (writer: ProtoWriter): void => message(writer, 4, [[1, 1]]);
  assertEquals(
    toRows(decodeSnapshot(profile((w) => [location(w), message(w, 2, sample)])).columns).length,
    1,
  );
  const cases: [string, (writer: ProtoWriter) => void][] = [
    ["a sample names location 1, which is missing", (w) => message(w, 2, sample)],
    ["a sample has 0 values for 1 sample types", (w) => message(w, 2, [])],
    [
      "a sample has more values than the 1 sample types",
      (w) =>
        message(w, 2, [
          [2, 1],
          [2, 1],
        ]),
    ],
    ["a location has the id 0", (w) => message(w, 4, [])],
    ["two locations have the id 1", (w) => [location(w), location(w)]],
    ["two functions have the id 7", (w) => [message(w, 5, [[1, 7]]), message(w, 5, [[1, 7]])]],
    ["a function has the id 0", (w) => message(w, 5, [[2, 1]])],
    [
      "the name of a function is string 9, and there are 3 strings",
      (w) =>
        message(w, 5, [
          [1, 1],
          [2, 9],
        ]),
    ],
    [
      "location 1 names mapping 4, which is missing",
      (w) =>
        message(w, 4, [
          [1, 1],
          [2, 4],
        ]),
    ],
    ["a comment is string 99, and there are 3 strings", (w) => w.integer(13, 99)],
    ["a sample has the wire type 0, which must be 2", (w) => w.integer(2, 1)],
  ];
  for (const [reason, write] of cases) {
    const error = failure(profile(write));
    assert(error.message.includes(reason), `${error.message} does not include ${reason}`);
  }
  const error = failure(profile((w) => message(w, 2, [[1, 1]])));
  assertEquals(error.offset, payloadOffset());
});

/** Of the location id in the last case: after the head of the profile and the sample's tag and length. */
function payloadOffset(): number {
  return profile(() => {}).length + 2;
}

test("a line that names a missing function is refused", () => {
  const bytes = profile((writer) => {
    const location = writer.begin(4);
    writer.integer(1, 1);
    message(writer, 4, [[1, 3]]);
    writer.end(location);
  });
  assert(failure(bytes).message.includes("a line names function 3, which is missing"));
});

test("unknown fields and groups are passed over; broken ones are refused", () => {
  const raw = (...bytes: number[]): Uint8Array => {
    const head = profile(() => {});
    const result = new Uint8Array(head.length + bytes.length);
    result.set(head);
    result.set(bytes, head.length);
    return result;
  };
  const group = (field: number, ...inner: number[]): number[] => [
    (field << 3) | 3,
    ...inner,
    (field << 3) | 4,
  ];
  // Varint, 64 bits, 32 bits, bytes, groups in groups, a field above 15.
  const unknown = [0x78, 0x80, 1, 0x79, 1, 2, 3, 4, 5, 6, 7, 8, 0x7d, 1, 2, 3, 4, 0x7a, 2, 9, 9, 0x98, 6, 1];
  assertEquals(decodeSnapshot(raw(...unknown)).columns.blocks.size.length, 0);
  assertEquals(
    decodeSnapshot(raw(...group(15, ...group(14, 8, 1), 0x7a, 1, 0))).columns.blocks.size.length,
    0,
  );
  const ten = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
  assertEquals(decodeSnapshot(raw(0x78, ...ten, 1)).columns.blocks.size.length, 0);
  assert(failure(raw(0x78, ...ten, 2)).message.includes("longer than 64 bits"));
  assert(failure(raw(0x78, ...ten, 0x81, 1)).message.includes("longer than 64 bits"));
  assert(failure(raw((15 << 3) | 3, (14 << 3) | 4)).message.includes("group 14"));
  assert(failure(raw((15 << 3) | 3)).message.includes("group 15 has no end"));
  assert(failure(raw((15 << 3) | 4)).message.includes("group 15"));
  assert(failure(raw(...new Array<number>(1000).fill((15 << 3) | 3))).message.includes("nested"));
  assert(failure(raw(0x7e)).message.includes("wire type 6"));
  assert(failure(raw(0)).message.includes("tag 0"));
  assert(failure(raw(0x7a, 0xff, 0xff, 0xff, 0xff, 0x7f)).message.includes("are left"));
});

test("the first string must be empty, and invalid UTF-8 is replaced", () => {
  assert(
    failure(profile(() => {}, ["x", "inuse_space", "bytes"])).message.includes('first string must be ""'),
  );
  const bytes = profile(
    (writer) => {
      message(writer, 5, [
        [1, 1],
        [2, 3],
      ]);
      const location = writer.begin(4);
      writer.integer(1, 1);
      message(writer, 4, [[1, 1]]);
      writer.end(location);
      message(writer, 2, [
        [1, 1],
        [2, 5],
      ]);
    },
    ["", "inuse_space", "bytes", "f~g"],
  );
  bytes[bytes.indexOf("~".charCodeAt(0))] = 0xff;
  assertEquals(toRows(decodeSnapshot(bytes).columns)[0].frames[0][3], "f\uFFFDg");
});

test("names of the file and in it are written out in the message", () => {
  const hostile = "\x1b]0;x\x07\n\u202e\x9b\u{e0001}";
  const visible = String.raw`\x1b]0;x\x07\n\u202e\x9b\u{e0001}`;
  const bytes = profile(() => {}, ["", hostile, "bytes"]);
  const error = assertThrows(
    () => decodeSnapshot(bytes, { filename: `${hostile}.pb.gz` }),
    SnapshotFormatError,
  );
  assert(error.message.startsWith(`${visible}.pb.gz: no heap profile`), error.message);
  assertEquals(error.filename, `${hostile}.pb.gz`);
  assertFalse(/[\p{Cc}\p{Cf}]/u.test(error.message), error.message);
  const comment = `tracemalloc/${hostile} {}`;
  const own = failure(profile((writer) => writer.integer(13, 3), ["", "inuse_space", "bytes", comment]));
  assertFalse(/[\p{Cc}\p{Cf}]/u.test(own.message), own.message);
});

test("our own comment must be whole and of a known version", () => {
  const withComment = (comment: string): Uint8Array =>
    profile((writer) => writer.integer(13, 3), ["", "inuse_space", "bytes", comment]);
  const good = 'tracemalloc/1 {"version":1,"tracebackLimit":7,"metadata":{}}';
  assertEquals(decodeSnapshot(withComment(good)).columns.tracebackLimit, 7);
  const cases = [
    ["tracemalloc/2 {}", 'version "2" of the format; this program reads 1'],
    ["tracemalloc/", 'version "" of the format'],
    ["tracemalloc/1", "no JSON document"],
    ["tracemalloc/1 {", "no JSON document"],
    ["tracemalloc/1 null", "no JSON document"],
    ["tracemalloc/1 []", "no JSON document"],
    [`tracemalloc/1 ${"[".repeat(200000)}`, "no JSON document"],
    [good.replace('"version":1', '"version":3'), '"version"'],
    [good.replace(":7", ':"7"'), '"tracebackLimit"'],
    [good.replace(":7", ":-1"), '"tracebackLimit"'],
    [good.replace("{}", "[]"), '"metadata"'],
  ];
  for (const [comment, reason] of cases) {
    const error = failure(withComment(comment));
    assert(error.message.includes(reason), `${error.message} does not include ${reason}`);
  }
});

test("wrong labels in our own files are refused", () => {
  const at = payload.findIndex((_, i) => payload[i] === 0x18 && payload[i + 1] === 16);
  assert(at > 0);
  const damaged = payload.slice();
  // The domain 16 becomes an unfinished number, which swallows what follows.
  damaged[at + 1] = 0x90;
  failure(damaged);
});

test("many lines in one location, named by many samples, don't take long", slow, () => {
  const bytes = profile((writer) => {
    const location = writer.begin(4);
    writer.integer(1, 1);
    for (let line = 0; line < 200000; line++) message(writer, 4, [[2, line % 5]]);
    writer.end(location);
    for (let i = 0; i < 100000; i++)
      message(writer, 2, [
        [1, 1],
        [2, i],
      ]);
  });
  assert(failure(bytes).message.includes("frames in tracebacks"));
});
