import { type Cache, createCache, findCacheFolder } from "../src/instrument/cache.ts";
import { transformFingerprint } from "../src/instrument/fingerprint.ts";
import { bundleFingerprint } from "./load_instrument.ts";

/** The cache of instrumented text that all adapters share; null where none can be kept. */
export function openCache(fingerprint: string | null = transformFingerprint()): Cache | null {
  const folder = fingerprint === null ? null : findCacheFolder();
  return folder === null ? null : createCache({ folder, fingerprint: fingerprint! });
}

/** The same for preloads, which use the bundled transform where there is one. */
export function openPreloadCache(): Cache | null {
  return openCache(import.meta.url.endsWith(".ts") ? transformFingerprint() : bundleFingerprint("./"));
}
