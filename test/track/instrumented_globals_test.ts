import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { start, stop } from "../../mod.ts";
import { NO_SLOT, RECORDING, STACK } from "../../src/instrument/globals.ts";
import { instrument } from "../../src/instrument/instrument.ts";
import { instrumented } from "../instrumented.ts";

test("a program that tidies up the global object goes on", async () => {
  const { run } = await instrumented(`export const run = (n) => n === 0 ? [] : [run(n - 1)];`);
  start({ nframe: 25 });
  try {
    for (const name of [STACK, RECORDING, NO_SLOT]) {
      // As sloppy code's "delete globalThis[name]", which says nothing either.
      assertEquals(Reflect.deleteProperty(globalThis, name), false);
    }
    assertEquals(run(2), [[[]]]);
  } finally {
    stop();
  }
  assertEquals(
    Object.keys(globalThis).filter((name) => name.startsWith("$tm")),
    [],
  );
});

test("sloppy eval may declare names of ours", () => {
  const source = `module.exports = function run(text) {
    eval(text);
    const inner = () => [1].map((x) => ({ x }));
    eval("var " + "$" + "t$, " + "$" + "b$, $" + "i$;");
    return inner().concat([2].map(inner)).length;
  };`;
  for (const calls of [true, false]) {
    const { code } = instrument(source, { filename: "/app/eval.cjs", sourceType: "commonjs", calls });
    const module = { exports: (_: string): number => 0 };
    new Function("module", "exports", "require", code)(module, module.exports, null);
    start({ nframe: 25 });
    try {
      assertEquals(module.exports("var $t$ = 1, $b$, $d$ = 5, $i$, $v$, $s$; function $a$() {}"), 2);
    } finally {
      stop();
    }
  }
});
