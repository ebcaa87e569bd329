import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { Scripts } from "../../src/heap/scripts.ts";
import { VariableUsers } from "../../src/heap/variable_users.ts";
import { FixtureHeap, readText } from "./heap_fixture.ts";

const TEXT = `function monitor() {
  const failed = new Promise(() => {});
  return {
    cleanup() {
      forget("failed");
    },
    race(other) {
      return Promise.race([other, failed]);
    },
    one() {}, two() { return failed; },
  };
}
`;

/** An object with the functions of the text, which share their variables, and one that has others. */
function monitor(): FixtureHeap {
  const heap = new FixtureHeap().add("root", { kind: "synthetic", name: "" });
  for (const id of ["holder", "context", "failed", "other context"]) heap.add(id);
  heap.add("script", { kind: "code", name: "system / Script / /work/app.mjs" });
  heap.edge("root", "element", 1, "holder").edge("context", "context", "failed", "failed");
  const lines = { cleanup: 4, race: 7, one: 10, two: 10, foreign: 9 };
  for (const [name, line] of Object.entries(lines)) {
    heap.add(name, { kind: "closure" }).add(`${name} shared`, { kind: "code" });
    heap.edge("holder", "property", name, name).edge(name, "internal", "shared", `${name} shared`);
    heap.edge(`${name} shared`, "internal", "script", "script");
    heap.edge(name, "internal", "context", name === "foreign" ? "other context" : "context");
    heap.locations.push(heap.indexOf(name) * 6, 1, line - 1, 0);
  }
  return heap;
}

function ask(name: string, variable: string, text: string | undefined = TEXT): string | undefined {
  const heap = monitor();
  const graph = readText(heap.text);
  const users = new VariableUsers(graph, new Scripts(graph), () => text);
  const found = users.insteadOf(heap.indexOf(name), heap.indexOf("holder"), variable);
  return found === null ? undefined : [...heap.nodes.keys()][found.closure];
}

test("in the place of a function that does not mention a variable stands its neighbour that does", () => {
  assertEquals(ask("cleanup", "failed", TEXT.replace('"failed"', "all")), "race");
});

test("a function that mentions it stays, and so does one where nobody does or nobody can tell", () => {
  assertEquals(ask("race", "failed"), undefined);
  // In a string: a text is not parsed for this.
  assertEquals(ask("cleanup", "failed"), undefined);
  assertEquals(ask("cleanup", "unknown"), undefined);
  assertEquals(ask("one", "failed"), undefined);
  assertEquals(ask("cleanup", "failed", ""), undefined);
  assertEquals(ask("foreign", "failed"), undefined);
});
