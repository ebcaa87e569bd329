import { readFileSync } from "node:fs";
import { type Cache, createCache, findCacheFolder } from "../src/instrument/cache.ts";
import { transformFingerprint } from "../src/instrument/fingerprint.ts";

/** The cache of instrumented text that all adapters share; null where none can be kept. */
export function openCache(fingerprint: string | null = transformFingerprint()): Cache | null {
  const folder = fingerprint === null ? null : findCacheFolder();
  return folder === null ? null : createCache({ folder, fingerprint: fingerprint! });
}

/** The fingerprint of the bundled transform, which the build has written beside it. */
export function bundleFingerprint(): string | null {
  if (import.meta.url.endsWith(".ts")) return transformFingerprint();
  try {
    return readFileSync(new URL("transform.fingerprint", import.meta.url), "utf8");
  } catch {
    return null;
  }
}
