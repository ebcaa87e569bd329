// Browser compatible.

// In pages, `host_metadata_in_page.ts` takes its place ("browser" of package.json).
import { detectEngine } from "../../host/engine.ts";
import { host } from "../../host/host.ts";
import { memoryLimits, processMemory } from "../../host/process_memory.ts";
import { threadNumber } from "../../host/thread.ts";
import { memoryPoints } from "../../traces/growth/watch_grown.ts";
import { trackerMemory } from "../../traces/session/memory.ts";
import type { Session } from "../../traces/session/session.ts";
import { ageLines, grownContainers } from "./line_facts.ts";

/** What ran, and where: kept in a snapshot's metadata for reports. */
export function hostMetadata(session: Session): Record<string, unknown> {
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
    process: memoryOfProcess(session),
    ages: ageLines(session),
    containers: grownContainers(session),
  };
}

/** What the whole process has, of which the traced blocks are a part; undefined where nobody tells. */
function memoryOfProcess(session: Session): Record<string, unknown> | undefined {
  const memory = processMemory();
  if (memory === null) return undefined;
  return {
    ...memory,
    ...memoryLimits(),
    tracker: trackerMemory(session) + (session.blocks.ages?.bytes ?? 0),
    points: memoryPoints(session),
  };
}

function runtimeName(): string {
  if (host.Bun !== undefined) return `bun ${host.Bun.version}`;
  if (host.Deno !== undefined) return `deno ${host.Deno.version.deno}`;
  if (host.process?.versions?.node !== undefined) return `node ${host.process.versions.node}`;
  return host.navigator?.userAgent ?? "unknown";
}
