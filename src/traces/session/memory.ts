// Browser compatible.

import { FloatColumn, IntColumn } from "../../tables/columns.ts";
import { IntPairMap } from "../../tables/int_pair_map.ts";
import { files } from "../../track/calls/file_registry.ts";
import { SHADOW_STACK_SLOTS } from "../../track/calls/shadow_stack.ts";
import { AdaptiveSampler } from "../sampling/sampler.ts";
import { engineCost } from "./engine_cost.ts";
import type { Session } from "./session.ts";

// Reckoned here, from how the tables grow, and not by each: a page does without.

/** Bytes that the tracker takes; of a session, tables and what the engine takes per object that is followed. */
export function trackerMemory(session: Session | null): number {
  return 4 * SHADOW_STACK_SLOTS + siteMemory() + (session === null ? 0 : sessionMemory(session));
}

/** Bytes that the site tables take, estimated: the payloads as one-byte strings, the decoded columns. */
function siteMemory(): number {
  return files.reduce(
    (sum, { payload, count, decoded }) => sum + payload.length + (decoded === null ? 0 : count * 17),
    0,
  );
}

function sessionMemory(session: Session): number {
  const { paths, blocks, rows } = session;
  const { growth, registered } = session.following;
  const tables = [...paths.parts, ...blocks.parts].reduce((sum, part) => sum + partMemory(part), 0);
  const samplers = samplerMemory(session.options.sampler) + samplerMemory(growth.sampler);
  const peak = blocks.peakLive?.byteLength ?? 0;
  return (
    tables +
    samplers +
    peak +
    100 * blocks.types.length +
    // With what `prepaid` takes.
    rows.cells.byteLength +
    4 * rows.length +
    // An entry and its WeakRef; slots of the list.
    88 * growth.count +
    8 * growth.watched.length +
    600 * (session.ticker?.timeline.points.length ?? 0) +
    engineCost.cell * registered +
    engineCost.mark * (registered + (blocks.exact?.unwatched() ?? 0))
  );
}

/** Bytes of a table. */
function partMemory(part: IntColumn | FloatColumn | IntPairMap | { readonly length: number }): number {
  if (part instanceof IntColumn) return 4 * doubled(64, part.length);
  if (part instanceof FloatColumn) return 8 * doubled(64, part.length);
  // Twelve bytes an entry. It grows before an entry is added that comes to more than half.
  if (part instanceof IntPairMap) return 12 * doubled(256, 2 * part.size - 1);
  return 4 * part.length;
}

/** What a table has room for that has doubled until there was room for `length`. */
function doubled(room: number, length: number): number {
  return room >= length ? room : doubled(room * 2, length);
}

/** Three columns of integers, and one of bytes. */
function samplerMemory(sampler: unknown): number {
  return sampler instanceof AdaptiveSampler ? 13 * sampler.sites : 0;
}
