import { test } from "node:test";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { start, stop, takeSnapshot } from "../../../mod.ts";
import { instrument } from "../../../src/instrument/instrument.ts";
import { importText, instrumented } from "../../instrumented.ts";

const MODULE = `import assert, { ok } from "node:assert";
import { strict } from "node:assert";
const xs = [1, 2];
const make = () => [];
const t = { assert };
export const cases = [
  () => assert.ok(xs.map((x) => x + 1).includes(99)),
  () => assert([].length),
  () => { make(); ok(make().length, ); },
  () => { assert.strict(make() === xs); },
  () => {
    assert.strict.ok(xs
      .filter((x) => ({ x }).x > 5).length);
  },
  () => t.assert.ok(new Set(xs).has(3)),
  async () => { assert.ok(await Promise.resolve(0)); },
  () => assert.ok(false, \`my own \${xs}\`),
  () => strict.ok(xs[5]),
];
export const run = async () => {
  const messages = [];
  for (const one of cases) try { await one(); messages.push("passed"); } catch ({ message }) { messages.push(message); }
  return messages;
};`;

for (const calls of [true, false]) {
  test(`what an assertion prints of itself is the program's text (${calls ? 25 : 1} frames)`, async () => {
    const plain = (await (await importText(MODULE)).run()) as string[];
    const { run } = await instrumented(MODULE, { options: { calls } });
    start({ nframe: calls ? 25 : 1 });
    const found = (await run()) as string[];
    stop();
    // Something has to stand around what an assertion waits for.
    const waiting = 6;
    assertEquals(found.toSpliced(waiting, 1), plain.toSpliced(waiting, 1));
  });
}

test("what is called in an assertion is charged to its line", async () => {
  const { run } = await instrumented(`import assert from "node:assert";
    const make = () =>
      [1];
    export function run() {
      make();
      assert.ok(make());
      assert.ok(
        make());
      for (let i = 0; i < 10; i++) assert(make().length + [1].map(make).length);
    }`);
  start({ nframe: 25 });
  run();
  const callers = takeSnapshot()
    .statistics("traceback")
    .filter(({ traceback }) => traceback.at(-1)!.lineno === 3)
    .map(({ traceback, allocatedCount }) => [traceback.at(-2)!.lineno, allocatedCount]);
  stop();
  assertEquals(callers.sort(), [
    [5, 1],
    [6, 1],
    [7, 1],
    [9, 20],
  ]);
});

test("assertions with a message of their own, and others, are instrumented as ever", () => {
  const { code } = instrument('assert.ok([1], "text"); assert.equal({}, []); other.ok([2]); ok([3]);', {
    filename: "/app/a.js",
  });
  for (const text of [".o(", "[1],", "[2],", "[3],"]) assertStringIncludes(code, text);
  assertEquals(code.match(/\$t\$\w*\.o\(/g)?.length, 5);
});
