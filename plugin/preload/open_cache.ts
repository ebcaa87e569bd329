import { type Cache, createCache } from "../../src/instrument/cache/cache.ts";
import { findCacheFolder } from "../../src/instrument/cache/cache_folder.ts";
import { transformFingerprint } from "../../src/instrument/cache/fingerprint.ts";
import { bundleFingerprint } from "./load_instrument.ts";
import { warn } from "./warn.ts";

/** The cache of instrumented text that all adapters share; null where none can be kept. */
export function openCache(fingerprint: string | null = transformFingerprint()): Cache | null {
  if (fingerprint === null) return null;
  try {
    const folder = findCacheFolder({ warn });
    return folder === null ? null : createCache({ folder, fingerprint, warn });
  } catch (error) {
    // Deno does not tell the user without its permission: whose the entries may be is unknown.
    warn(`tracemalloc: the cache is not used: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

/** The same for preloads, which use the bundled transform where there is one. */
export function openPreloadCache(): Cache | null {
  return openCache(import.meta.url.endsWith(".ts") ? transformFingerprint() : bundleFingerprint("../"));
}
