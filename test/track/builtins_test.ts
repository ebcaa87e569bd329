import { test } from "node:test";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { getObjectTraceback, type StartOptions, start, stop, type Trace, takeSnapshot } from "../../mod.ts";
import { CONSTRUCTORS, FUNCTIONS } from "../../src/sites/builtin_tables.ts";
import { findOwner } from "../../src/track/builtin_targets.ts";
import { LOOKED_AT } from "../../src/track/tree.ts";
import { instrumented } from "../instrumented.ts";
import { path, traced } from "../traced.ts";
import { CASES } from "./builtin_cases.ts";

/** The traces of what `run` makes on the line with the call, line 3 of an instrumented file. */
async function onItsLine(
  expression: string,
  args: readonly unknown[] = [],
  options: StartOptions = {},
): Promise<{ traces: Trace[]; result: unknown; strings: number }> {
  const { run } =
    await instrumented(`export ${expression.startsWith("await") ? "async " : ""}function run(a, b) {

    const result = ${expression};
    return result;
  }`);
  start({ nframe: 5, ...options });
  try {
    const result = await run(...args);
    const snapshot = takeSnapshot();
    const strings = snapshot.statistics("type").find(({ key }) => key === "string")?.allocatedCount ?? 0;
    if (typeof result === "object") assertEquals(getObjectTraceback(result)?.length, 1);
    return { traces: [...snapshot.traces].filter((trace) => path(trace) === "run:3"), result, strings };
  } finally {
    stop();
  }
}

function typesOf(traces: readonly Trace[], domain = 0): string[] {
  return traces
    .filter((trace) => trace.domain === domain)
    .map(({ type }) => type)
    .sort();
}

/** Owner and key of a name as the cases spell it; null where the host has no such function. */
function find(name: string): { owner: object; key: string } | null {
  const at = name.lastIndexOf(".");
  const owner = findOwner(at < 0 ? "" : name.slice(0, at));
  const key = name.slice(at + 1);
  return owner !== null && key in owner ? { owner, key } : null;
}

test("every function of the tables has a case", () => {
  const named = FUNCTIONS.flatMap(({ owner, names }) =>
    names.split(" ").map((name) => (owner === "" ? name : `${owner}.${name}`)),
  );
  assertEquals(CASES.map(([name]) => name).sort(), named.sort());
  assert(CASES.filter(([name]) => find(name) !== null).length > CASES.length * 0.9);
});

for (const [name, expression, args, types, strings = 0] of CASES) {
  if (find(name) === null) continue;
  test(`${name} is charged to the line that calls it`, async () => {
    const made = await onItsLine(expression, args);
    assertEquals(typesOf(made.traces), types);
    assertEquals(made.strings, strings);
  });
}
