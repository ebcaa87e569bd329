// The tracker's files are strict code in every form that they are loaded in: a stand-in of sloppy code would put the global
// object in the place of a missing `this`, and the built-in function would not throw.
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { hosts, Project } from "./host.ts";

const PROGRAM = `
const { split, repeat, concat } = String.prototype;
const { slice } = Array.prototype;
for (const work of [() => split.call(null, "x"), () => repeat.call(undefined, 2), () => concat("x"), () => slice()]) {
  try {
    console.log("gave", String(work()));
  } catch (error) {
    console.log(error.constructor.name);
  }
}`;

for (const host of hosts) {
  test(`${host}: built-in functions that are called on nothing throw, as they do untraced`, async () => {
    using project = new Project({ "package.json": `{"type":"module"}`, "main.js": PROGRAM });
    const { code, stdout } = await project.run(host, "./main.js", { env: { TRACEMALLOC: "1" } });
    assertEquals([code, stdout], [0, "TypeError\n".repeat(4)]);
  });
}
