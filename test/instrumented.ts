// Instruments a source text, writes it to a file and imports it, under the tracker of this process.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type InstrumentOptions, instrument } from "../src/instrument/instrument.ts";
import "../src/tracing.ts";

/** The exports of a test module, called as the test knows they can be. */
// biome-ignore lint/suspicious/noExplicitAny: a module that is text has no types
export type TestModule = Record<string, any>;

export interface InstrumentedOptions {
  /** The name that frames bear. Default `/app/test.mjs`. */
  filename?: string;
  options?: Partial<InstrumentOptions>;
}

/** Runs an instrumented ES module and gives its exports. */
export function instrumented(
  source: string,
  { filename = "/app/test.mjs", options = {} }: InstrumentedOptions = {},
): Promise<TestModule> {
  return importText(instrument(source, { filename, sourceType: "module", ...options }).code);
}

/** Runs a text as an ES module of a file of its own. */
export async function importText(text: string): Promise<TestModule> {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-module-"));
  try {
    const path = join(folder, "module.mjs");
    writeFileSync(path, text);
    return (await import(pathToFileURL(path).href)) as TestModule;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
