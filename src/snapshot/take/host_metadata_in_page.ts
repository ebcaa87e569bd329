// Browser compatible.

// Takes the place of `host_metadata.ts` in what bundlers make for pages.
import { detectEngine } from "../../host/engine.ts";

/** What ran, and where: kept in a snapshot's metadata for reports. */
export function hostMetadata(): Record<string, unknown> {
  const { location, navigator } = globalThis as {
    location?: { href: string };
    navigator?: { userAgent: string };
  };
  return {
    program: location?.href ?? "",
    pid: 0,
    runtime: navigator?.userAgent ?? "unknown",
    engine: detectEngine(),
    platform: "",
    time: new Date().toISOString(),
  };
}
