import { test } from "node:test";
import { assert } from "@std/assert";
import { start, stop } from "../../../mod.ts";
import { importText, instrumented, type TestModule } from "../../instrumented.ts";

function sourceOf(body: string): string {
  return `
    let depth = 0;
    function f(a, b) { depth++; ${body} }
    export function run() {
      depth = 0;
      try { f(1, 2); } catch (error) { return error instanceof RangeError ? depth : -1; }
    }`;
}

/** The first time: what is compiled later, and how, is a matter of chance. */
function depthOf({ run }: TestModule): number {
  return run() as number;
}

// Deno's V8 compiles the untouched function while it recurses, at a moment of its own, and then goes deeper by chance.
const skip = "Deno" in globalThis;

async function assertDeep(body: string, least: number): Promise<void> {
  const untouched = depthOf(await importText(sourceOf(body)));
  const module = await instrumented(sourceOf(body));
  start({ nframe: 25 });
  try {
    const recorded = depthOf(module);
    assert(recorded > least * untouched, `${recorded} of ${untouched}`);
  } finally {
    stop();
  }
}

test("recursion goes seven tenths as deep as it has untouched", { skip }, () =>
  assertDeep("const r = f(a + 1, b); return r + 1;", 0.7),
);

test("recursion that builds a tree goes six tenths as deep", { skip }, () =>
  assertDeep("const x = { a, next: f(a + 1, b) }; const y = [a]; x.y = y; return x;", 0.6),
);
