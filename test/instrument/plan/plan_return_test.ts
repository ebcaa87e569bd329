// Which functions' returns are looked at, as the object of a constructor may be another one.
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { start, stop, takeSnapshot } from "../../../mod.ts";
import { instrument } from "../../../src/instrument/instrument.ts";
import { instrumented } from "../../instrumented.ts";

/** How many returns of a text are. */
function looks(text: string): number {
  return instrument(text, { filename: "a.js", sourceType: "module" }).code.split(".r(new.target,").length - 1;
}

test("a function with a capital is taken for a constructor, unless its name is as short as a minified one's", () => {
  assertEquals(looks("function Sum(x) { return x }"), 1);
  assertEquals(looks("function sum(x) { return x }"), 0);
  assertEquals(
    looks("function S(x) { return x } function Ab(x) { return x } const Q$ = function (x) { return x }"),
    0,
  );
});

test("a function that the file calls with new is one, whatever its name", async () => {
  assertEquals(looks("function S(x) { return x } export const made = new S({})"), 1);
  const { make } = await instrumented(
    "function S() { return { a: 1 } }\nexport const make = () => { for (let i = 0; i < 100; i++) new S(); };",
  );
  start({ sampling: "adaptive" });
  try {
    make();
    const made = takeSnapshot().statistics("type");
    assertEquals(made.find(({ key }) => key === "Object")!.allocatedCount, 100);
  } finally {
    stop();
  }
});
