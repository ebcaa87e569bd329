import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { transformFingerprint } from "../../src/instrument/cache/fingerprint.ts";
import type { instrument } from "../../src/instrument/instrument.ts";

/**
 * The transform for preloads. In the package it is one CommonJS file with its libraries in it (`scripts/bundle_transform.ts`):
 * CommonJS can be loaded at any moment, while modules that the program is just importing too cannot
 * (`ERR_REQUIRE_ESM_RACE_CONDITION`; Deno 2.9 then finds no module at all), and a program's own copies of the libraries stay
 * apart, to be instrumented like the rest of it.
 */
function transformFile(): string {
  if (!import.meta.url.endsWith(".ts")) return "../transform.cjs";
  // From the sources, while they are what the bundle was made of.
  const built = bundleFingerprint("../../dist/plugin/");
  return built !== null && built === transformFingerprint()
    ? "../../dist/plugin/transform.cjs"
    : "../../src/instrument/instrument.ts";
}

/** The fingerprint of the bundled transform, which the build has written beside it; null: there is none. */
export function bundleFingerprint(folder: string): string | null {
  try {
    return readFileSync(new URL(`${folder}transform.fingerprint`, import.meta.url), "utf8");
  } catch {
    return null;
  }
}

let loaded: typeof instrument | null = null;
let isLoading = false;

/** Loads the transform when it is first asked for; null while it is being loaded from its sources, which hooks see too. */
export function loadInstrument(): typeof instrument | null {
  if (loaded !== null) return loaded;
  if (isLoading) return null;
  isLoading = true;
  try {
    // By its whole path: Deno looks for the folder of the file that requires, which may be a part of a joined one.
    const file = fileURLToPath(new URL(transformFile(), import.meta.url));
    const module = createRequire(file)(file) as { instrument: typeof instrument };
    loaded = module.instrument;
    return loaded;
  } finally {
    isLoading = false;
  }
}
