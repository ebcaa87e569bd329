import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type Label, Profile } from "pprof-format";
import { encodeSnapshot } from "../../../src/snapshot/pprof/dump.ts";
import { gzipStored } from "../../../src/snapshot/pprof/gzip.ts";
import { decodeSnapshot } from "../../../src/snapshot/pprof/load.ts";
import { APP_ROWS, anyRow, toColumns, toRows } from "../model/columns_fixture.ts";

test("a dump loads as what was dumped", () => {
  const property = fc.property(fc.array(anyRow, { maxLength: 20 }), fc.nat(65535), (rows, limit) => {
    const { columns, metadata } = decodeSnapshot(encodeSnapshot(toColumns(rows, limit), { limit }));
    assertEquals(toRows(columns), rows);
    assertEquals(columns.tracebackLimit, limit);
    assertEquals(metadata, { limit });
  });
  fc.assert(property, { numRuns: 300 });
});

test("equal frames and tracebacks load as one", () => {
  const { columns } = decodeSnapshot(encodeSnapshot(toColumns([...APP_ROWS, ...APP_ROWS]), {}));
  assertEquals(columns.tracebacks.totalNframe.length, 3);
  assertEquals(columns.frames.lineno.length, 3);
  assertEquals(toRows(columns), [...APP_ROWS, ...APP_ROWS]);
});

test("metadata is kept as JSON keeps it", () => {
  const metadata = { timeline: [[0, 1.5]], nested: { "\u2028": null }, name: "\ud800 名", time: 1.7e12 };
  assertEquals(decodeSnapshot(encodeSnapshot(toColumns([]), metadata)).metadata, metadata);
  assertThrows(() => encodeSnapshot(toColumns([]), { big: 1n }), TypeError);
});

test("a key __proto__ in the metadata is dropped, at any depth", () => {
  const metadata = JSON.parse('{ "__proto__": { "a": 1 }, "b": [{ "__proto__": { "c": 2 }, "d": 3 }] }');
  const loaded = decodeSnapshot(encodeSnapshot(toColumns([]), metadata)).metadata;
  assertEquals(loaded, { b: [{ d: 3 }] });
  assertEquals(Object.hasOwn(loaded, "__proto__"), false);
});

test("frames that no row points to stay out of the file", () => {
  const columns = toColumns(APP_ROWS);
  const one = (values: Int32Array): Int32Array => values.subarray(0, 1);
  const filtered = {
    ...columns,
    blocks: {
      ...columns.blocks,
      traceback: one(columns.blocks.traceback),
    },
  };
  const { columns: loaded } = decodeSnapshot(encodeSnapshot(filtered, {}));
  assertEquals(toRows(loaded), APP_ROWS.slice(0, 1));
  assertEquals(loaded.frames.lineno.length, 2);
});

test("figures that are no sizes or counts are refused", () => {
  for (const bad of [-1, Number.NaN, Infinity]) {
    for (const name of ["size", "count", "allocatedCount", "allocatedSize", "domain"] as const) {
      const columns = toColumns([{ ...APP_ROWS[0], [name]: bad }]);
      if (name === "domain" && bad !== -1) continue;
      assertThrows(() => encodeSnapshot(columns, {}), RangeError, `${name} of row 0 is ${bad}`);
    }
  }
});

test("pprof-format reads our dumps: every value", () => {
  const columns = toColumns(APP_ROWS);
  const profile = Profile.decode(gunzipSync(encodeSnapshot(columns, { time: 1234.5, app: "名" })));
  const { strings } = profile.stringTable;
  const text = (index: number | bigint): string => strings[Number(index)];
  assertEquals(
    profile.sampleType.map(({ type, unit }) => `${text(type)}/${text(unit)}`),
    ["alloc_objects/count", "alloc_space/bytes", "inuse_objects/count", "inuse_space/bytes"],
  );
  assertEquals(text(profile.defaultSampleType), "inuse_space");
  assertEquals([text(profile.periodType!.type), text(profile.periodType!.unit)], ["space", "bytes"]);
  assertEquals(Number(profile.timeNanos), 1234.5e6);
  assertEquals(profile.comment.length, 1);
  const [, prefix, json] = text(profile.comment[0]).match(/^(\S+) (.*)$/s)!;
  assertEquals(prefix, "tracemalloc/1");
  assertEquals(JSON.parse(json), { version: 1, tracebackLimit: 25, metadata: { time: 1234.5, app: "名" } });

  const functions = new Map(profile.function.map((fn) => [Number(fn.id), fn]));
  const locations = new Map(profile.location.map((location) => [Number(location.id), location]));
  const stack = (ids: (number | bigint)[]): unknown[] =>
    ids.map((id) => {
      const { line } = locations.get(Number(id))!;
      assertEquals(line.length, 1);
      const fn = functions.get(Number(line[0].functionId))!;
      const [name, file] = [text(fn.systemName), text(fn.filename)];
      assertEquals(text(fn.name), name.replace(/^<(.*)>$/s, "($1)"));
      return [file, Number(line[0].line), Number(line[0].column), name, Number(fn.startLine)];
    });
  const labels = (list: Label[]): Record<string, unknown> =>
    Object.fromEntries(
      list.map(({ key, str, num, numUnit }) => [
        text(key),
        [str ? text(str) : Number(num), ...(numUnit ? [text(numUnit)] : [])],
      ]),
    );
  for (const [i, sample] of profile.sample.entries()) {
    const row = APP_ROWS[i];
    assertEquals(stack(sample.locationId), row.frames.toReversed());
    assertEquals(
      sample.value.map(Number),
      [row.allocatedCount, row.allocatedSize, row.count, row.size * row.count].map(Math.round),
    );
    const { bytes, domain, type, totalNframe } = labels(sample.label);
    assertEquals(bytes, [row.size, "bytes"]);
    assertEquals(domain, [row.domain]);
    assertEquals(type, [row.type === "" ? 0 : row.type]);
    assertEquals(totalNframe, row.totalNframe === -1 ? undefined : [row.totalNframe]);
  }
  assertEquals(profile.sample.length, APP_ROWS.length);
});

test("what pprof-format writes of our dump again loads the same", () => {
  const again = Profile.decode(gunzipSync(encodeSnapshot(toColumns(APP_ROWS), { a: 1 }))).encode();
  const { columns, metadata } = decodeSnapshot(again);
  assertEquals(toRows(columns), [...APP_ROWS]);
  assertEquals(metadata, { a: 1 });
});

test("values that another tool changed count for more than our labels", () => {
  const profile = Profile.decode(gunzipSync(encodeSnapshot(toColumns(APP_ROWS), {})));
  for (const sample of profile.sample) sample.value = sample.value.map((value) => 2 * Number(value));
  const [array, map] = toRows(decodeSnapshot(profile.encode()).columns);
  assertEquals(
    [array.size, array.count, array.allocatedCount, array.allocatedSize],
    [48, 2000, 10000, 480000],
  );
  assertEquals([map.count, map.allocatedCount], [26, 200]);
  assertEquals(map.size * map.count, 2 * 2 ** 53 * 12.625);
});

test("without zlib, a dump is gzip of stored blocks, and loads", () => {
  const { process } = globalThis;
  // Once is what may be read of the largest one.
  const many = APP_ROWS.filter(({ size, count }) => size * count < 2 ** 50);
  const columns = toColumns([...APP_ROWS, ...Array.from({ length: 4000 }, () => many).flat()]);
  const native = encodeSnapshot(columns, {});
  const original = process.getBuiltinModule;
  process.getBuiltinModule = (() => undefined) as unknown as typeof original;
  let stored: Uint8Array;
  try {
    stored = encodeSnapshot(columns, {});
    assertEquals(toRows(decodeSnapshot(stored).columns), toRows(columns));
    assertEquals(toRows(decodeSnapshot(native).columns), toRows(columns));
  } finally {
    process.getBuiltinModule = original;
  }
  assert(stored.length > 4 * native.length);
  assertEquals(stored, gzipStored(gunzipSync(native)));
  assertEquals(new Uint8Array(gunzipSync(stored)), new Uint8Array(gunzipSync(native)));
  assertEquals(toRows(decodeSnapshot(stored).columns), toRows(columns));
});
