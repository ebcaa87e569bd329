import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { runThreeWays } from "./behaviour.ts";
import { FORMS, HAZARDS } from "./hazards.ts";

for (const behaviour of [...HAZARDS, ...FORMS]) {
  test(`instrumented, it does the same: ${behaviour.name}`, async () => {
    if (behaviour.mayFail) {
      let message = "";
      await runThreeWays(behaviour).catch((error: Error) => (message = error.name));
      assertEquals(message, "SyntaxError");
      return;
    }
    const { untouched, absent, tracked, depth } = await runThreeWays(behaviour);
    if (behaviour.isNew && untouched.at(-1) === "throws SyntaxError") return;
    assert(
      !untouched.at(-1)!.startsWith("throws SyntaxError"),
      `the case itself does not parse: ${untouched}`,
    );
    const { expected = [] } = behaviour;
    const same = expected.find((each) => each.join("\n") === untouched.join("\n"));
    assertEquals(untouched, same ?? expected[0], "the case itself shows something else");
    assertEquals(absent, untouched);
    assertEquals(tracked, untouched);
    assertEquals(depth, 1);
  });
}
