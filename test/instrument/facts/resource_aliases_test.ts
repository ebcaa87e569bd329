import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { resourceAliases } from "../../../src/instrument/facts/resource_aliases.ts";

const aliasesIn = (text: string): string[] => [...resourceAliases(text)];

test("names that a text gives to functions that ask for timers and listeners are found where they are renamed", () => {
  assertEquals(aliasesIn(`import { setTimeout as sleep, once\n  as first } from "node:timers/promises";`), [
    "sleep",
    "first",
  ]);
  assertEquals(aliasesIn(`const { setInterval: každý, on : ä } = require("events");`), ["každý", "ä"]);
  // What was renamed is not taken for what renames the next.
  assertEquals(aliasesIn("events; wait: on: once: last"), ["on", "last"]);
  assertEquals(aliasesIn("events; swait: a; wait.b : c; on as; once: 'd'"), []);
});

test("and where `promisify` gives them", () => {
  const text = `const a = promisify(setTimeout); let b =\n  util.promisify(\n setImmediate); c = promisify(f); const d = (0, util.promisify)(setTimeout);`;
  assertEquals(aliasesIn(text), ["a", "b"]);
});

test("a text that names none of the modules has none", () => {
  assertEquals(aliasesIn("const { setTimeout: sleep } = globalThis;"), []);
});
