import { test } from "node:test";
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { FloatColumn, IntColumn } from "../../src/tables/columns.ts";
import { IntPairMap } from "../../src/tables/int_pair_map.ts";
import { BlockTable } from "../../src/traces/blocks/block_table.ts";
import { EMPTY_PATH, PathTable } from "../../src/traces/paths/path_table.ts";
import { CONTINUE, shadowStack } from "../../src/track/calls/shadow_stack.ts";

const smallKey = fc.integer({ min: 0, max: 40 });
const key = fc.oneof(smallKey, fc.integer({ min: 0, max: 2 ** 31 - 2 }));

test("IntPairMap holds what a Map holds", () => {
  const second = fc.oneof(smallKey, fc.integer());
  fc.assert(
    fc.property(fc.array(fc.tuple(key, second, fc.nat()), { maxLength: 2000, size: "max" }), (entries) => {
      const map = new IntPairMap();
      const model = new Map<string, number>();
      for (const [a, b, value] of entries) {
        map.set(a, b, value);
        model.set(`${a} ${b}`, value);
      }
      assertEquals(map.size, model.size);
      for (const [a, b] of entries) {
        assertEquals(map.get(a, b), model.get(`${a} ${b}`));
        assertEquals(map.get(b & 0xff, a), model.get(`${b & 0xff} ${a}`) ?? -1);
      }
    }),
  );
});

test("columns hold what arrays hold", () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 500 }), (values) => {
      const ints = new IntColumn();
      const floats = new FloatColumn();
      for (const [i, value] of values.entries()) {
        assertEquals([ints.push(value), floats.push(value / 3)], [i + 1, i + 1]);
      }
      assertEquals([...ints.copy()], values);
      assertEquals(
        [...floats.copy()],
        values.map((value) => value / 3),
      );
    }),
  );
});

/** Lays a stack of sites down and gives its path. */
function pathOf(table: PathTable, sites: readonly number[]): number {
  for (const [i, site] of sites.entries()) shadowStack[i + 1] = site;
  return table.current(sites.length + 1);
}

const stack = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 12 });

test("a path gives back the frames it was made of, the most recent ones where there are too many", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.array(stack, { maxLength: 30 }), (nframe, stacks) => {
      const table = new PathTable(nframe);
      const ids = new Map<string, number>();
      for (const sites of stacks) {
        const path = pathOf(table, sites);
        const kept = nframe === 1 ? [] : sites.slice(-(nframe - 1));
        assertEquals([...table.frames(path)], kept);
        if (nframe === 1) assertEquals(path, EMPTY_PATH);
        else assertEquals(table.total(path), sites.length);
        // The same frames, after the same number of others: the same path.
        const name = JSON.stringify([kept, nframe === 1 ? 0 : sites.length]);
        assertEquals(path, ids.get(name) ?? path);
        ids.set(name, path);
      }
      assertEquals(new Set(ids.values()).size, ids.size);
    }),
  );
});

test("slots that stand for no frame are passed over, whole paths are taken as they are", () => {
  const table = new PathTable(10);
  const known = pathOf(table, [3, 4]);
  shadowStack[1] = ~known;
  shadowStack[2] = CONTINUE;
  shadowStack[3] = 5;
  const path = table.current(4);
  assertEquals([...table.frames(path)], [3, 4, 5]);
  assertEquals(path, pathOf(table, [3, 4, 5]));
  assertEquals(table.current(1), EMPTY_PATH);
});

test("the path of a slot that a call has overwritten is made anew", () => {
  const table = new PathTable(10);
  pathOf(table, [1, 2, 3]);
  shadowStack[2] = 9;
  assertEquals([...table.frames(table.current(3))], [1, 9]);
});

test("a depth past the end of the stack gives the path of the frames that have a slot", () => {
  const table = new PathTable(4);
  shadowStack.fill(7, 1);
  assertEquals([...table.frames(table.current(2 ** 20))], [7, 7, 7]);
  shadowStack.fill(CONTINUE, 1);
});

test("settled paths: functions that start each other for ever make as many paths as a traceback can tell apart", () => {
  const table = new PathTable(4);
  let path = EMPTY_PATH;
  for (let turn = 0; turn < 10_000; turn++) {
    shadowStack[1] = ~path;
    shadowStack[2] = 1 + (turn % 2);
    path = table.settled(table.current(3));
  }
  assertEquals([...table.frames(path)], [2, 1, 2]);
  assertEquals(table.size < 20, true);
});

test("BlockTable counts what is allocated and freed", () => {
  const operation = fc.record({
    path: fc.integer({ min: 0, max: 5 }),
    site: fc.integer({ min: 1, max: 5 }),
    type: fc.constantFrom("Object", "Map"),
    size: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom(0.5, 2 ** 31, 2 ** 40)),
    dies: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(operation, { maxLength: 200 }),
      fc.integer({ min: 1, max: 1000 }),
      (operations, firstId) => {
        const table = new BlockTable(firstId);
        const model = new Map<string, { row: number; live: number; allocated: number }>();
        let current = 0;
        let peak = 0;
        for (const { path, site, type, size, dies } of operations) {
          const row = table.row(path, site, table.typeOf(type, 0), size);
          table.count(row);
          table.follow(row, 1);
          peak = Math.max(peak, (current += size));
          if (dies) table.free(row, 1);
          if (dies) current -= size;
          const name = [path, site, type, size].join();
          const entry = model.get(name) ?? { row, live: 0, allocated: 0 };
          assertEquals(row, entry.row);
          model.set(name, { row, live: entry.live + (dies ? 0 : 1), allocated: entry.allocated + 1 });
        }
        assertEquals([table.current, table.peak, table.nextId], [current, peak, firstId + model.size]);
        for (const [name, { row, live, allocated }] of model) {
          assertEquals([table.live.at(row), table.allocated.at(row)], [live, allocated]);
          const columns = [
            table.path.at(row),
            table.site.at(row),
            table.types[table.type.at(row)]!.name,
            table.size.at(row),
          ];
          assertEquals(columns.join(), name);
        }
      },
    ),
  );
});

test("BlockTable: rows that a site alone describes, blocks that are only counted", () => {
  const table = new BlockTable(100);
  assertEquals(table.plainRow(1, 2), -1);
  const row = table.add(1, 2, table.typeOf("Object", 0), 32);
  table.setPlainRow(1, 2, row);
  assertEquals([table.plainRow(1, 2), table.plainRow(2, 1)], [row, -1]);
  table.count(row);
  table.follow(row, 1);
  table.count(row);
  assertEquals([table.live.at(row), table.allocated.at(row), table.current], [1, 2, 32]);
  assertEquals([table.typeOf("Object", 0), table.typeOf("Object", 1)], [0, 1]);
});

/**
 * Runs out of stack, and on the way back tries `step` at each of the innermost levels until it has gone through: each
 * try has a little more stack than the one before.
 */
function withLittleStack(step: () => void): void {
  let isDone = false;
  const dive = (...rest: number[]): number => {
    try {
      return 1 + dive(...rest);
    } catch {
      if (isDone) return 0;
      step();
      isDone = true;
      return 0;
    }
  };
  for (let padding = 0; padding < 8; padding++) {
    isDone = false;
    dive(...new Array<number>(padding).fill(0));
  }
}

test("out of stack in the middle of a new row, the columns stay in step", () => {
  const blocks = new BlockTable(1);
  let value = 0;
  for (let i = 0; i < 63; i++) blocks.add(++value, value, 0, value); // the next one grows the columns
  withLittleStack(() => blocks.add(++value, value, 0, value));
  const { path, site, type, size, live, allocated } = blocks;
  for (const column of [path, type, size, live, allocated]) assertEquals(column.length, site.length);
  for (let row = 0; row < site.length; row++)
    assertEquals([path.at(row), size.at(row)], [site.at(row), site.at(row)]);
});

test("out of stack in the middle of a new path, the others stay whole", () => {
  for (let known = 60; known < 66; known++) {
    const paths = new PathTable(3);
    let site = 0;
    const step = (): void => {
      shadowStack[2] = shadowStack[1] = ++site;
      paths.current(3);
    };
    for (let i = 0; i < known / 2; i++) step();
    withLittleStack(step);
    for (let path = 1; path < paths.size; path++) {
      const frames = paths.frames(path);
      assertEquals([frames.length, new Set(frames).size], [paths.total(path), 1]);
    }
  }
  shadowStack.fill(CONTINUE, 1);
});

test("out of stack while a map grows, no entry is lost", () => {
  const map = new IntPairMap();
  for (let key = 0; key < 128; key++) map.set(key, 1, key);
  let key = 128; // the next one makes it grow
  withLittleStack(() => {
    map.set(key, 1, key);
    key++;
    while (key & (key - 1)) map.set(key, 1, key++);
  });
  for (let i = 0; i < key; i++) assertEquals(map.get(i, 1), i);
});
