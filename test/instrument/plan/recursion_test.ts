import { test } from "node:test";
import { assert } from "@std/assert";
import { start, stop } from "../../../mod.ts";
import { importText, instrumented, type TestModule } from "../../instrumented.ts";

const SOURCE = `
  let depth = 0;
  function f(a, b) { depth++; const r = f(a + 1, b); return r + 1; }
  export function run() {
    depth = 0;
    try { f(1, 2); } catch (error) { return error instanceof RangeError ? depth : -1; }
  }`;

/** The first time: what is compiled later, and how, is a matter of chance. */
function depthOf({ run }: TestModule): number {
  return run() as number;
}

// Deno's V8 compiles the untouched function while it recurses, at a moment of its own, and then goes deeper by chance.
const skip = "Deno" in globalThis;

test("recursion goes seven tenths as deep as it has untouched", { skip }, async () => {
  const untouched = depthOf(await importText(SOURCE));
  const module = await instrumented(SOURCE);
  start({ nframe: 25 });
  try {
    const recorded = depthOf(module);
    assert(recorded > 0.7 * untouched, `${recorded} of ${untouched}`);
  } finally {
    stop();
  }
});
