// Browser compatible.
import { floor } from "../../tables/own_math.ts";
import { emptyArray, OwnInt32Array, OwnWeakRef } from "../../tables/safe_collections.ts";
import type { BuiltinRecorder } from "../../track/calls/recorder.ts";
import { shadowStack } from "../../track/calls/shadow_stack.ts";
import type { ResourcePlace, ResourceRecorder } from "../../track/resources/resource_recorder.ts";
import type { BlockTable } from "../blocks/block_table.ts";
import { EMPTY_PATH } from "../paths/path_table.ts";
import { AdaptiveSampler, type Shares } from "../sampling/sampler.ts";
import type { Session } from "../session/session.ts";

const { apply } = Reflect;
const { deref } = WeakRef.prototype;

/** A session that others stand in for goes on later (`interposeRecording`): what is over meanwhile is over there. */
const MOST_SESSIONS = 4;
const sessions: (WeakRef<Session> | undefined)[] = emptyArray(MOST_SESSIONS);
let newest = 0;

/** In the sampled modes so many of a line are counted one by one; then one in 2, 4, 8 … counts for all. No line is counted less for what others make. */
const COUNTED: Shares = { first: 512, perShare: 128, plenty: 2 ** 29 };

/** What a number has besides: log₂ of how many it stands for. */
const SHARES = 16;

/** Rows that were found last: a power of two. */
const REMEMBERED = 256;
const CELLS = 4;

/** Counts resources in a session's table: in exact mode each for itself. */
export class ResourceBlocks implements ResourceRecorder {
  readonly capturesStacks: boolean;
  readonly #session: Session;
  readonly #callers: BuiltinRecorder;
  /** Null: in exact mode. */
  readonly #sampler: AdaptiveSampler | null;
  #blocks: BlockTable | null = null;
  /** Site, path, size and row, together: between two requests a busy server has everything leave the cache. */
  readonly #cells = new OwnInt32Array(REMEMBERED * CELLS);
  readonly #type = emptyArray<string>(REMEMBERED);

  /** @param callers Knows which line is running. */
  constructor(session: Session, callers: BuiltinRecorder) {
    const { sampling, seed } = session.options;
    this.#session = session;
    this.#callers = callers;
    this.#sampler = sampling === "exact" ? null : new AdaptiveSampler(seed, COUNTED);
    this.capturesStacks = session.natives !== undefined;
    newest = (newest + 1) % MOST_SESSIONS;
    sessions[newest] = new OwnWeakRef(session);
  }

  add(domain: number, type: string, size: number, mayStand: boolean): number {
    const { natives, paths } = this.#session;
    const depth = shadowStack[0];
    const site = depth > 1 ? this.#callers.callerSite(depth) : 0;
    if (site === 0 && natives === undefined) return 0;
    const share = mayStand && site !== 0 && this.#sampler !== null ? this.#sampler.decide(site) : 0;
    if (share < 0) return 0; // another one stands for it
    // Without a site, the path has the line, too.
    const path = site === 0 ? paths.current(depth) : this.#callers.callerPath(depth);
    if (site === 0 && path === EMPTY_PATH) return 0;
    return this.#count(site, this.#rowOf(site, path, domain, type, size), share);
  }

  addAt({ site, path }: ResourcePlace, domain: number, type: string, size: number): number {
    return this.#count(site, this.#rowOf(site, path < 0 ? EMPTY_PATH : path, domain, type, size), 0);
  }

  // No object for the place: servers ask for listeners with each request.
  #rowOf(site: number, path: number, domain: number, type: string, size: number): number {
    const { blocks } = this.#session;
    const cells = this.#cells;
    const slot = (site + domain + (path << 5) - path) & (REMEMBERED - 1);
    const at = slot * CELLS;
    const isKnown = cells[at] === site && cells[at + 1] === path && cells[at + 2] === size;
    if (isKnown && this.#type[slot] === type && this.#blocks === blocks) return cells[at + 3]!;
    if (this.#blocks !== blocks) this.#forget(blocks);
    const row = blocks.row(path, site, blocks.typeOf(type, domain), size);
    cells[at] = site;
    cells[at + 1] = path;
    cells[at + 2] = size;
    this.#type[slot] = type;
    return (cells[at + 3] = row);
  }

  #count(site: number, row: number, share: number): number {
    const { blocks, natives, ticker } = this.#session;
    if (blocks.batch !== undefined) {
      blocks.batch.came(row);
      if (blocks.batch.isFull) this.settle();
      return (blocks.firstId + row) * SHARES;
    }
    const weight = 1 << share;
    const placed = site === 0 ? row : (natives?.place(blocks, row) ?? row);
    ticker?.passed(weight, blocks.size.at(row));
    blocks.count(row, weight);
    // Figures by path are made of this.
    if (placed !== row) blocks.count(placed, weight);
    blocks.follow(placed, weight);
    return (blocks.firstId + placed) * SHARES + share;
  }

  #forget(blocks: BlockTable): void {
    for (let i = 0; i < REMEMBERED; i++) this.#type[i] = undefined;
    this.#blocks = blocks;
  }

  settle(): void {
    const { blocks, ticker } = this.#session;
    const length = blocks.batch?.settle();
    if (length) ticker?.passed(length, 0);
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
  const block = floor(id / SHARES);
  if (block < blocks.firstId || block >= blocks.nextId) return false;
  // The remainder of a number above 2³¹ is a call.
  if (blocks.batch !== undefined) blocks.batch.gone(block - blocks.firstId);
  else blocks.free(block - blocks.firstId, 1 << (id - block * SHARES));
  return true;
}
