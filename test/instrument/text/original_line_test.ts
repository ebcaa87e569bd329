import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { instrument } from "../../../src/instrument/instrument.ts";
import { originalLine } from "../../../src/instrument/text/original_line.ts";

const SOURCES: readonly string[] = [
  'const list = [1].map((x) => ({ x })); throw new Error("first " + list);',
  `export async function* turns(xs) {
  for await (const x of xs) { yield [x, await f(x)]; }
  try { return JSON.parse(xs, (k, v) => v); } catch { return {}; } finally { xs?.map(String); }
}
class A extends B { #p = [1]; constructor() { super([2]); this.x = \`\${[3]}\`; } get y() { return g(1)(2); } }
export default () => { let [a, ...rest] = f(); return { rest, ...a }; };`,
  "const t$ = 1, $t$ = [2]; f($t$.o(1, {}, 2));",
  "function f() { return [1]; }\nmodule.exports = { f, g: () => f(f()) }; f()",
];

for (const calls of [true, false]) {
  test(`each line's own text, and each of its columns, come back (${calls ? 25 : 1} frames)`, () => {
    for (const source of SOURCES) {
      const sourceType = source.includes("export") ? "module" : "commonjs";
      const { code } = instrument(source, { filename: "/app/a.js", sourceType, calls });
      const instrumented = code.split("\n");
      for (const [i, line] of source.split("\n").entries()) {
        const original = originalLine(instrumented[i]!);
        if (original === null) {
          assertEquals(instrumented[i], line);
          continue;
        }
        assertEquals(original.text, line);
        // Walk both texts: each character of the source is met at its column, in order.
        let next = 0;
        for (let column = 0; column < instrumented[i]!.length && next < line.length; column++) {
          const at = original.column(column);
          assert(at <= next, `column ${column} leads to ${at} behind ${next}`);
          if (at === next && instrumented[i]![column] === line[next] && original.column(column + 1) > at)
            next++;
        }
        assertEquals(next, line.length, line);
      }
    }
  });
}

test("what stands in front of the first line is short, and the sites stand behind the last", () => {
  const source = `${"f([1]);\n".repeat(200)}f([2]);`;
  const { code } = instrument(source, { filename: "/app/a.js", sourceType: "module" });
  const lines = code.split("\n");
  assert(lines[0]!.indexOf("f(") < 100, lines[0]);
  assert(lines[0]!.length < 150, lines[0]);
  assert(lines.at(-1)!.includes("/app/a.js") && lines.at(-1)!.includes("f("), lines.at(-1));
});

test("a line without insertions is nobody's", () => {
  for (const line of ["", "foo();", 'const $t$ = "$s$"; $b$ + 1;']) assertEquals(originalLine(line), null);
});
