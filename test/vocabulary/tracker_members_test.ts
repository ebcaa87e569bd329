import { test } from "node:test";
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { footer, header } from "../../src/instrument/text/header.ts";
import { namesWith } from "../../src/instrument/text/names_in_file.ts";
import { FileTracker } from "../../src/track/calls/file_tracker.ts";
import type { MemberName } from "../../src/vocabulary/tracker_letters.ts";
import * as Member from "../../src/vocabulary/tracker_members.ts";

test("no letter has two meanings", () => {
  const letters = Object.values(Member);
  assertEquals([...new Set(letters)].join(), letters.join());
});

const letters: Record<MemberName, string> = { ...Member };

type Calls = Record<string, (...args: readonly unknown[]) => unknown>;

/** What a file's header makes where no tracker takes its sites. */
function standIns(): Calls {
  const options: Parameters<typeof footer>[0] = {
    ...{ names: namesWith("x"), payload: "of no version", frame: "none", shadowed: new Set<string>() },
    ownGlobals: true,
  };
  return new Function(`${header(options)}${footer(options)}return $t$x`)() as Calls;
}

const value = { of: "the program" };

/** What each gets from instrumented code, where the value stands among it. */
const ARGUMENTS: Record<Exclude<MemberName, "base" | "stack">, readonly unknown[]> = {
  object: [1, value, 0],
  named: [1, { name: value }, "name", 0],
  maybeObject: [1, value, 0],
  text: [1, value, 0],
  report: [1, value, 0],
  first: [value, 0],
  announce: [value, null],
  settle: [value, null, "receiver"],
  replaceInstance: [undefined, value, null, null],
  enterAsync: [1],
  enterGenerator: [1],
  enterAsyncGenerator: [1],
  suspend: [value, { isSuspended: true }],
  delegate: [value, { isSuspended: true }, 1],
  resume: [value, { d: 1 }, 1],
  handle: [{ d: 1 }],
  leave: [{ isSuspended: true }],
};

test("where there is no tracker, each method gives what the tracker's would", () => {
  const without = standIns();
  const tracker = new FileTracker(1) as unknown as Calls;
  assert(!(without instanceof FileTracker));
  const statements = ["report", "handle", "leave"]; // nobody takes what they give
  for (const [name, args] of Object.entries(ARGUMENTS)) {
    const letter = letters[name as MemberName];
    const [expected, found] = [tracker[letter]!(...args), without[letter]!(...args)];
    if (name.startsWith("enter")) {
      assertEquals(typeof (found as { d: unknown }).d, "number", name);
      assertEquals(typeof (expected as { d: unknown }).d, "number", name);
    } else if (!statements.includes(name)) {
      assertStrictEquals(expected, value, name);
      assertStrictEquals(found, value, name);
    }
  }
});
