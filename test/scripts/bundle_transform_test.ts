import { readFileSync } from "node:fs";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { lengthMark } from "../../scripts/bundle_transform.ts";

test("transforms of different sources differ in length: Deno's code cache tells them apart by nothing else", () => {
  const fingerprints = Array.from({ length: 4096 }, (_, i) => `${i.toString(16).padStart(3, "0")}f00`);
  assertEquals(new Set(fingerprints.map((each) => lengthMark(each).length)).size, 4096);
});

test("the transform that was built bears the mark of its sources", () => {
  const built = (name: string): string =>
    readFileSync(new URL(`../../dist/plugin/transform.${name}`, import.meta.url), "utf8");
  assert(built("cjs").endsWith(lengthMark(built("fingerprint"))));
});
