import { test } from "node:test";
import { assertEquals, assertMatch } from "@std/assert";
import { labelSets, MOST_SETS, OTHERS } from "../../../src/traces/labels/labels.ts";

test("labels ask no built-in that the program has replaced, and each name and value is told apart", () => {
  const broken = (): never => {
    throw new Error("replaced");
  };
  const places: readonly (readonly [object, PropertyKey])[] = [
    [Object, "entries"],
    [Object, "keys"],
    [JSON, "stringify"],
    [RegExp.prototype, "test"],
    [RegExp.prototype, "exec"],
    [Array.prototype, "sort"],
    [Array.prototype, "map"],
    [Array.prototype, Symbol.iterator],
    [Map.prototype, "get"],
    [Map.prototype, "set"],
  ];
  const before = places.map(([owner, key]) => Object.getOwnPropertyDescriptor(owner, key)!);
  const seen: number[] = [];
  let at = 0;
  const note = (): void => {
    seen[at++] = labelSets.current();
  };
  // Hosts load what carries labels, and ask what they like.
  labelSets.within({ c: "3" }, () => {});
  try {
    for (let i = 0; i < places.length; i++)
      Object.defineProperty(places[i]![0], places[i]![1], { ...before[i], value: broken });
    labelSets.within({ b: "1", a: "2" }, note);
    labelSets.within({ a: "2", b: "1" }, note);
    labelSets.within({ a: "2", ["__proto__"]: "1" }, note);
  } finally {
    for (let i = 0; i < places.length; i++) Object.defineProperty(places[i]![0], places[i]![1], before[i]!);
  }
  assertEquals(seen.length, 3);
  assertEquals(seen[0], seen[1]);
  assertEquals(new Set([0, ...seen]).size, 3);
});

test("the number of sets is bounded, which is said once", () => {
  const { warn } = console;
  const said: string[] = [];
  console.warn = (text: string) => said.push(text);
  try {
    const seen = new Set<number>();
    for (let i = 0; i < 5000; i++) labelSets.within({ id: String(i) }, () => seen.add(labelSets.current()));
    assertEquals(said.length, 1);
    assertMatch(said[0]!, /^tracemalloc: more than 255 different sets of labels: .* count as <others>/);
    assertEquals(seen.size <= MOST_SETS + 1, true);
    labelSets.within({ id: "new" }, () => assertEquals(labelSets.sets[labelSets.current()], { id: OTHERS }));
    // Those that were there before stay known, whatever the order of names.
    labelSets.within({ id: "0" }, () => assertEquals(labelSets.sets[labelSets.current()], { id: "0" }));
    for (let i = 0; i < 5000; i++) labelSets.within({ [`n${i}`]: "x" }, () => {});
    assertEquals(labelSets.sets.length, 2 * MOST_SETS);
  } finally {
    console.warn = warn;
  }
});
