import { createRequire } from "node:module";
import type { instrument } from "../src/instrument/instrument.ts";

/**
 * The transform for preloads. In the package it is one CommonJS file with its libraries in it (`scripts/bundle_transform.ts`):
 * CommonJS can be loaded at any moment, while modules that the program is just importing too cannot
 * (`ERR_REQUIRE_ESM_RACE_CONDITION`), and a program's own copies of the libraries stay apart, to be instrumented like the rest
 * of it.
 */
const FILE: string = import.meta.url.endsWith(".ts") ? "../src/instrument/instrument.ts" : "./transform.cjs";

let loaded: typeof instrument | null = null;
let isLoading = false;

/** Loads the transform when it is first asked for; null while it is being loaded from its sources, which hooks see too. */
export function loadInstrument(): typeof instrument | null {
  if (loaded !== null) return loaded;
  if (isLoading) return null;
  isLoading = true;
  try {
    const module = createRequire(import.meta.url)(FILE) as { instrument: typeof instrument };
    loaded = module.instrument;
    return loaded;
  } finally {
    isLoading = false;
  }
}
