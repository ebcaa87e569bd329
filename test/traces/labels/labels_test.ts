import { test } from "node:test";
import { assertEquals, assertMatch } from "@std/assert";
import { labelSets, MOST_SETS, OTHERS } from "../../../src/traces/labels/labels.ts";

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
