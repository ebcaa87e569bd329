import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { getObjectTraceback, start, stop } from "../../../mod.ts";
import { instrument } from "../../../src/instrument/instrument.ts";
import { NO_SLOT, RECORDING, STACK } from "../../../src/instrument/text/globals.ts";
import { instrumented } from "../../instrumented.ts";

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

test("sloppy eval may declare the names that all files share, and the function's calls are recorded all the same", () => {
  const source = `module.exports = function run(text, take) {
  eval(text);
  const inner = () => [1].map((x) => ({ x }));
  const made = inner();
  take(made[0]);
  return "" + run + inner + made.length;
};`;
  const texts = [STACK, RECORDING, NO_SLOT].flatMap((name) => [
    `var ${name};`,
    `var ${name} = { a: 1 };`,
    `function ${name}() {}`,
  ]);
  const plain = { exports: (_text: string, _take: (value: object) => void): string => "" };
  new Function("module", "exports", "require", source)(plain, plain.exports, null);
  for (const calls of [true, false]) {
    for (const inContext of [false, true]) {
      const { code } = instrument(source, {
        filename: "/app/shared.cjs",
        sourceType: "commonjs",
        calls,
        inContext,
      });
      const module = { exports: plain.exports };
      new Function("module", "exports", "require", code)(module, module.exports, null);
      start({ nframe: 25 });
      try {
        for (const text of texts) {
          let lines: number[] = [];
          const result = module.exports(text, (value) => {
            lines = [...getObjectTraceback(value)!].map(({ lineno }) => lineno);
          });
          assertEquals(
            result,
            plain.exports(text, () => {}),
            text,
          );
          // Where `$tmon$` is undefined, no calls are.
          if (calls && !text.includes(RECORDING)) assertEquals(lines.slice(-3), [4, 3, 3], text);
        }
      } finally {
        stop();
      }
    }
  }
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
