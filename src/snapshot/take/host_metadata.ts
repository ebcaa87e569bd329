// Browser compatible.

import { detectEngine } from "../../host/engine.ts";
import { host } from "../../host/host.ts";
import { threadNumber } from "../../host/thread.ts";

/** What ran, and where: kept in a snapshot's metadata for reports. */
export function hostMetadata(): Record<string, unknown> {
  const { process } = host;
  const worker = threadNumber();
  return {
    program: process?.argv?.[1] ?? host.location?.href ?? "",
    pid: process?.pid ?? 0,
    ...(worker !== 0 && { worker }),
    runtime: runtimeName(),
    engine: detectEngine(),
    platform: process?.platform === undefined ? "" : `${process.platform}-${process.arch}`,
    time: new Date().toISOString(),
  };
}

function runtimeName(): string {
  if (host.Bun !== undefined) return `bun ${host.Bun.version}`;
  if (host.Deno !== undefined) return `deno ${host.Deno.version.deno}`;
  if (host.process?.versions?.node !== undefined) return `node ${host.process.versions.node}`;
  return host.navigator?.userAgent ?? "unknown";
}
