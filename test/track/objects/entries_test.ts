import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { askV8 } from "../../../src/host/v8_answers.ts";
import { entriesOf, keyKindsOf } from "../../../src/track/objects/entries.ts";

test("entries are those of the container itself", () => {
  assertEquals(entriesOf(new Map([[1, 2]]), "Map"), 1);
  assertEquals(entriesOf(new Set([1, 2]), "Set"), 2);
  assertEquals(entriesOf([1, 2, 3], "Array"), 3);
  assertEquals(entriesOf({ a: 1, [Symbol("b")]: 2 }, "properties"), 2);
  assertEquals(entriesOf({}, "Map"), 0);
  assertEquals(entriesOf(new ArrayBuffer(8), "store"), 0);
});

test("keys are counted by kind", () => {
  const map = new Map<unknown, number>([
    [1, 0],
    [2n, 0],
    ["a", 0],
    ["12", 0],
    ["2026-01-02", 0],
    ["2026-01-02T03:04:05Z", 0],
    [new Date(), 0],
    [{}, 0],
    [() => {}, 0],
    [null, 0],
    [Symbol("x"), 0],
  ]);
  assertEquals(keyKindsOf(map, null), {
    ...{ numbers: 2, strings: 1, "numbers as text": 1, "dates as text": 2, dates: 1, objects: 2, others: 2 },
  });
  assertEquals(keyKindsOf(new Set(["x", 5]), null), { strings: 1, numbers: 1 });
  assertEquals(keyKindsOf(["x", undefined], null), { strings: 1, others: 1 });
  assertEquals(keyKindsOf({ a: 1, 7: 2 }, null), { strings: 1, "numbers as text": 1 });
});

test("of a large container a sample is looked at, and never more than there are are told", () => {
  const kinds = keyKindsOf(new Map(Array.from({ length: 50_001 }, (_, i) => [`k${i}`, i])), null);
  assert(Math.abs(kinds.strings! - 50_001) < 20, `${kinds.strings}`);
  assert(kinds.strings! <= 50_001);
  const ofArray = keyKindsOf(
    Array.from({ length: 50_001 }, (_, i) => `v${i}`),
    null,
  ).strings!;
  assert(ofArray <= 50_001 && ofArray > 49_981, `${ofArray}`);
});

test("no code of the program's is run", () => {
  const fail = (): never => {
    throw new Error("the program's code was run");
  };
  const array = [1, 2];
  Object.defineProperty(array, 0, { get: fail });
  assertEquals(keyKindsOf(array, null), { others: 1, numbers: 1 });
  class OwnMap extends Map {
    override get size(): number {
      return fail();
    }
    override forEach(): never {
      return fail();
    }
  }
  const map = new OwnMap();
  Map.prototype.set.call(map, "a", 1);
  assertEquals([entriesOf(map, "Map"), keyKindsOf(map, null)], [1, { strings: 1 }]);
  const odd = {
    get [Symbol.toStringTag]() {
      return fail();
    },
    getTime: fail,
  };
  assertEquals(keyKindsOf(new Set([odd]), null), { objects: 1 });
  assertEquals(entriesOf(new Proxy({}, { ownKeys: fail }), "properties"), 0);
});

const putTogether = (i: number): string => `part ${i} of `.concat(`a text ${i * 7}`);

test("strings that were put together and that nobody has read are left so", {
  skip: askV8()?.isFlat(putTogether(1)) !== false && "the engine does not tell",
}, () => {
  const texts = Array.from({ length: 2000 }, (_, i) => putTogether(i));
  assertEquals(keyKindsOf(texts, askV8()).strings, 2000);
  const { isFlat } = askV8()!;
  assertEquals(
    texts.filter((text) => isFlat(text)),
    [],
  );
});

test("the text of long strings is not read", () => {
  assertEquals(keyKindsOf([`2026-01-02 ${"x".repeat(40)}`], null), { strings: 1 });
});
