// Instruments a source text as the preload does for the sampled modes, and imports it from a file of its own name.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { currentRuntime } from "../src/host/capabilities.ts";
import { instrument } from "../src/instrument/instrument.ts";
import type { TestModule } from "./instrumented.ts";

/** Runs an instrumented ES module whose file has the name that its frames bear, and gives its exports. */
export async function instrumentedFile(source: string, { calls }: { calls: boolean }): Promise<TestModule> {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-module-"));
  try {
    const filename = join(folder, "module.mjs");
    // Deno is always given the map, with which it shows the original's positions.
    const sourceMap = currentRuntime() === "deno" ? "inline" : false;
    const { code } = instrument(source, { filename, sourceType: "module", calls, sourceMap });
    writeFileSync(filename, code);
    return (await import(pathToFileURL(filename).href)) as TestModule;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
