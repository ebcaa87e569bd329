import { type Cache, createCache, findCacheFolder } from "../src/instrument/cache.ts";
import { transformFingerprint } from "../src/instrument/fingerprint.ts";

/** The cache of instrumented text that all adapters share; null where none can be kept. */
export function openCache(): Cache | null {
  const fingerprint = transformFingerprint();
  const folder = fingerprint === null ? null : findCacheFolder();
  return folder === null ? null : createCache({ folder, fingerprint: fingerprint! });
}
