// Marks: known again, and what stands for an object dies with it.
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { BlockTable } from "../../../src/traces/blocks/block_table.ts";
import { MapMarks, type Marks } from "../../../src/traces/following/marks.ts";
import { MixedMarks, StampMarks } from "../../../src/traces/following/marks_for_all.ts";
import { HeldMarks, marksForSome, TokenMarks } from "../../../src/traces/following/marks_for_some.ts";
import { settle } from "../../../src/traces/liveness/collect.ts";

const KINDS: Record<string, () => Marks> = {
  MapMarks: () => new MapMarks(),
  HeldMarks: () => new HeldMarks(),
  TokenMarks: () => new TokenMarks(),
  StampMarks: () => new StampMarks(),
  MixedMarks: () => new MixedMarks(),
};

for (const [name, make] of Object.entries(KINDS)) {
  test(`${name}: an object is known again, and by nothing before it is marked`, () => {
    const marks = make();
    const blocks = new BlockTable(7);
    const row = blocks.add(0, 1, blocks.typeOf("Object", 0), 24);
    const objects = [{}, [], () => {}, Object.freeze({})];
    assertEquals(
      objects.map((object) => marks.of(object)),
      [-1, -1, -1, -1],
    );
    const handles = objects.map((object) => marks.put(object, blocks, row, 0));
    assertEquals(
      objects.map((object) => marks.of(object)),
      [7, 7, 7, 7],
    );
    assertEquals(
      objects.map((object) => marks.handleOf(object)),
      handles,
    );
    assertEquals(new Set(handles).size, 4);
  });

  test(`${name}: what stands for an object dies with it`, async () => {
    const marks = make();
    const blocks = new BlockTable(7);
    const row = blocks.add(0, 1, blocks.typeOf("Object", 0), 24);
    let dead = 0;
    let lastCanary = 0;
    const registry = new FinalizationRegistry<number>((held) => {
      if (held < 0) lastCanary = -held;
      else dead++;
    });
    const kept: object[] = [];
    const mark = (count: number, isKept: boolean): void => {
      for (let i = 0; i < count; i++) {
        const object = { i };
        registry.register(marks.put(object, blocks, row, 0), i);
        if (isKept) kept.push(object);
      }
    };
    mark(100, true);
    mark(1000, false);
    await settle({
      get freed() {
        return dead;
      },
      get lastCanary() {
        return lastCanary;
      },
      watchCanary: (canary, number) => registry.register(canary, -number),
    });
    // JavaScriptCore reads its stack conservatively: a few that are dead may stay.
    assertEquals([dead >= 990, dead <= 1000, kept.length], [true, true, 100]);
  });
}

test("tokens are watched where the scavenger would keep what is watched", () => {
  const { node = "0" } = process.versions;
  const isOldNode = !("Deno" in globalThis) && !("Bun" in globalThis) && Number.parseInt(node, 10) < 26;
  assertEquals(marksForSome() instanceof TokenMarks, isOldNode);
});
