// Browser compatible.
import { emptyArray, OwnWeakRef } from "../../tables/safe_collections.ts";
import type { BuiltinRecorder } from "../../track/calls/recorder.ts";
import { shadowStack } from "../../track/calls/shadow_stack.ts";
import type { ResourceRecorder } from "../../track/resources/resource_recorder.ts";
import { EMPTY_PATH } from "../paths/path_table.ts";
import type { Session } from "../session/session.ts";

const { apply } = Reflect;
const { deref } = WeakRef.prototype;

/** A session that others stand in for goes on later (`interposeRecording`): what is over meanwhile is over there. */
const MOST_SESSIONS = 4;
const sessions: (WeakRef<Session> | undefined)[] = emptyArray(MOST_SESSIONS);
let newest = 0;

/** Counts resources in a session's table, each for itself, whatever its mode. */
export class ResourceBlocks implements ResourceRecorder {
  readonly capturesStacks: boolean;
  readonly #session: Session;
  readonly #callers: BuiltinRecorder;

  /** @param callers Knows which line is running. */
  constructor(session: Session, callers: BuiltinRecorder) {
    this.#session = session;
    this.#callers = callers;
    this.capturesStacks = session.natives !== undefined;
    newest = (newest + 1) % MOST_SESSIONS;
    sessions[newest] = new OwnWeakRef(session);
  }

  add(domain: number, type: string, size: number): number {
    const { natives, paths } = this.#session;
    const depth = shadowStack[0];
    const site = depth > 1 ? this.#callers.callerSite(depth) : 0;
    if (site === 0 && natives === undefined) return 0;
    // Without a site, the path has the line, too.
    const path = site === 0 ? paths.current(depth) : this.#callers.callerPath(depth);
    if (site === 0 && path === EMPTY_PATH) return 0;
    return this.#count(site, path, domain, type, size);
  }

  addAt({ site, path }: { site: number; path: number }, domain: number, type: string, size: number): number {
    return this.#count(site, path < 0 ? EMPTY_PATH : path, domain, type, size);
  }

  #count(site: number, path: number, domain: number, type: string, size: number): number {
    const { blocks, natives, ticker } = this.#session;
    const row = blocks.row(path, site, blocks.typeOf(type, domain), size);
    const placed = site === 0 ? row : (natives?.place(blocks, row) ?? row);
    ticker?.passed(1, size);
    blocks.count(row);
    // Figures by path are made of this.
    if (placed !== row) blocks.count(placed);
    blocks.follow(placed, 1);
    return blocks.firstId + placed;
  }

  end(id: number): void {
    if (freeIn(this.#session, id)) return;
    for (let i = 0; i < MOST_SESSIONS; i++) {
      const session = sessions[i] && (apply(deref, sessions[i], []) as Session | undefined);
      if (session !== undefined && session !== this.#session && freeIn(session, id)) return;
    }
  }

  failed(error: unknown): void {
    this.#session.failed(error);
  }
}

/** Whether the number is of the session's table. */
function freeIn({ blocks }: Session, id: number): boolean {
  if (id < blocks.firstId || id >= blocks.nextId) return false;
  blocks.free(id - blocks.firstId, 1);
  return true;
}
