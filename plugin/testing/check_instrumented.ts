// Browser compatible.
import { getTracedMemory, takeSnapshot } from "../../mod.ts";
import { hasInstrumentedText, registeredFiles } from "../../src/tracing.ts";
import { Kind } from "../../src/vocabulary/kinds.ts";

/** Thrown where the code under test is not instrumented: a check would pass whatever the code does. */
export class NotInstrumentedError extends Error {
  override readonly name = "NotInstrumentedError";
}

/** What a test calls. */
export type Measured<T = unknown> = () => T;

/** @throws {NotInstrumentedError} when no instrumented file has been loaded at all. */
export function checkAnyInstrumented(name: string): void {
  if (registeredFiles() === 0) throw refusal(name, "no instrumented code has been loaded");
}

/**
 * Calls the function for the first time under the trace, and makes sure that it is instrumented.
 *
 * @param warmUp Runs after that call, and before it is judged whether anything has been recorded.
 * @returns Its result, awaited, and the most bytes that were alive at once meanwhile.
 * @throws {NotInstrumentedError} when it is not.
 * @throws Whatever `fn` throws.
 */
export async function firstCall<T>(
  name: string,
  fn: Measured<T>,
  warmUp?: () => Promise<void>,
): Promise<{ result: Awaited<T>; peak: number }> {
  const pending = fn();
  const hasRecorded = allocatedBlocks() > 0;
  const result = await pending;
  const { peak } = getTracedMemory();
  await warmUp?.();
  await checkInstrumented(name, fn, hasRecorded || allocatedBlocks() > 0);
  return { result, peak };
}

/**
 * Makes sure that the function would report what it allocates: called after its first run.
 *
 * A function with inserted text does. One without may have nothing to report; whether that is so, the transform itself
 * knows. What remains are functions that allocate nothing themselves and call others: these are believed when something
 * was recorded.
 *
 * @throws {NotInstrumentedError} when it would not.
 */
async function checkInstrumented(name: string, fn: Measured, hasRecorded: boolean): Promise<void> {
  if (hasInstrumentedText(fn)) return;
  const expected = await expectedInsertions(fn);
  if (expected === "none" || (expected !== "allocations" && hasRecorded)) return;
  const shown = fn.name === "" ? "the function under test" : `the function ${fn.name}`;
  throw refusal(name, `${shown} is not instrumented`);
}

/** How many blocks have been allocated since the trace began, strings included. */
function allocatedBlocks(): number {
  return takeSnapshot().columns.blocks.allocatedCount.reduce((sum, count) => sum + count, 0);
}

/** What the transform finds in the function's text: allocations that it would have reported, or calls alone. */
async function expectedInsertions(fn: Measured): Promise<"none" | "calls" | "allocations" | "unknown"> {
  const text = String(fn);
  try {
    const { instrument } = await import("../../src/instrument/instrument.ts");
    for (const [source, around] of [
      [`(${text})`, 1],
      [`({${text}})`, 2],
    ] as const) {
      try {
        const { sites } = instrument(source, { filename: "test.js", sourceType: "script" });
        const kinds = sites.map(({ kind }) => kind).filter((kind) => kind !== Kind.entry);
        // The function itself, and the object literal that stands around a method here, count as well.
        if (kinds.filter((kind) => kind !== Kind.call).length > around) return "allocations";
        return kinds.includes(Kind.call) ? "calls" : "none";
      } catch {
        // It is no text of this kind.
      }
    }
  } catch {
    // Where the transform is not, as in a page.
  }
  return "unknown";
}

function refusal(name: string, found: string): NotInstrumentedError {
  return new NotInstrumentedError(
    `${name}: ${found}, so that nothing it allocates would be seen and the check would pass whatever it does. ` +
      RUNNERS,
  );
}

const RUNNERS =
  "Load tests with the preload (node --import tracemalloc/register --test, deno test --preload npm:tracemalloc/register, " +
  "bun test --preload tracemalloc/register), or transform them in Vitest (plugin tracemalloc/unplugin/vite) or Jest (tracemalloc/babel)";
