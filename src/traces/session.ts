// Browser compatible.
import { Kind } from "../kinds.ts";
import { setRecorder } from "../track/file_tracker.ts";
import { siteLimit, sitesAround } from "../track/hub.ts";
import type { Recorder } from "../track/recorder.ts";
import { shapeOf } from "../track/shape.ts";
import { sizes, staticSize } from "../track/size.ts";
import { stamp, stampOf } from "../track/stamp.ts";
import { BlockTable } from "./block_table.ts";
import { PathTable } from "./path_table.ts";

/** Domains of blocks: DESIGN §2. */
export const Domain = { heap: 0, external: 1, string: 2, firstOfUser: 16 } as const;

const TYPE_NAMES: Readonly<Record<number, string>> = {
  [Kind.object]: "Object",
  [Kind.objectCopy]: "Object",
  [Kind.array]: "Array",
  [Kind.arrayCopy]: "Array",
  [Kind.closure]: "closure",
  [Kind.class]: "class",
  [Kind.regexp]: "RegExp",
  [Kind.string]: "string",
};

// What a site needs at every allocation, by site number: its size if that is fixed, or one of these.
const UNKNOWN = 0;
const MEASURED = -1;
const WITH_MEMBERS = 1 << 30;

/** One run of tracing, from `start()` to `stop()`: exact mode, every object registered. */
export class Session implements Recorder {
  readonly nframe: number;
  readonly paths: PathTable;
  blocks: BlockTable;
  #registry: FinalizationRegistry<number>;
  #registered = 0;
  #sites = new Int32Array(1024);
  readonly #userBlocks = new Map<number, Map<unknown, number>>();
  readonly #onFailure: (error: unknown) => void;

  constructor(options: { nframe: number; firstId: number; onFailure: (error: unknown) => void }) {
    this.nframe = options.nframe;
    this.paths = new PathTable(options.nframe);
    this.blocks = new BlockTable(options.firstId);
    this.#onFailure = options.onFailure;
    this.#registry = this.#newRegistry();
  }

  /** Forgets all blocks. Objects that are alive stay marked, so that they are not taken for new ones. */
  clear(): void {
    this.blocks = new BlockTable(this.blocks.nextId);
    this.#registry = this.#newRegistry();
    this.#registered = 0;
    this.#userBlocks.clear();
  }

  /** Objects that finalizers wait for. */
  get registered(): number {
    return this.#registered;
  }

  /** Bytes: tables, and the engine's cell per registered object (V8's WeakCell takes 10 words and a slot of a map). */
  get memory(): number {
    return this.paths.memory + this.blocks.memory + this.#sites.byteLength + this.#registered * 96;
  }

  // ── Recorder ──

  fresh(site: number, value: object, depth: number): void {
    try {
      this.#recordFresh(site, value, depth);
    } catch (error) {
      this.#failed(error);
    }
  }

  maybeFresh(site: number, value: unknown, depth: number): void {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return;
    try {
      if (stampOf(value) !== -1) return;
      const size = this.#siteSize(site);
      if (size !== MEASURED || typeof value === "function") this.#recordFresh(site, value, depth);
      else this.#recordMeasured(site, value, depth);
    } catch (error) {
      this.#failed(error);
    }
  }

  text(site: number, value: unknown, depth: number): void {
    if (typeof value !== "string") return;
    try {
      const path = this.paths.current(depth);
      const type = this.blocks.typeOf("string", Domain.string);
      this.blocks.countOnly(this.blocks.row(path, site, type, sizes.string(value.length)));
    } catch (error) {
      this.#failed(error);
    }
  }

  path(depth: number): number {
    return this.paths.settled(this.paths.current(depth));
  }

  // ── user domains ──

  track(domain: number, key: unknown, size: number, depth: number): void {
    let blocks = this.#userBlocks.get(domain);
    if (blocks === undefined) this.#userBlocks.set(domain, (blocks = new Map()));
    const old = blocks.get(key);
    if (old !== undefined) this.blocks.free(old);
    const type = this.blocks.typeOf(`domain ${domain}`, domain);
    const row = this.blocks.row(this.paths.current(depth), 0, type, size);
    this.blocks.allocate(row);
    blocks.set(key, this.blocks.firstId + row);
  }

  untrack(domain: number, key: unknown): void {
    const blocks = this.#userBlocks.get(domain);
    const old = blocks?.get(key);
    if (old === undefined) return;
    this.blocks.free(old);
    blocks!.delete(key);
  }

  // ── inside ──

  #recordFresh(site: number, value: object, depth: number): void {
    const size = this.#siteSize(site);
    if (size === MEASURED) {
      this.#recordMeasured(site, value, depth);
      return;
    }
    const path = this.paths.current(depth);
    let row = this.blocks.plainRow(path, site);
    if (row === -1) row = this.#addPlainRow(path, site, size & ~WITH_MEMBERS);
    this.#allocate(row, value);
    if ((size & WITH_MEMBERS) !== 0) this.#recordMembers(site, value, path);
  }

  /** Closures under the keys of a new object literal: plain data properties, so that reading them runs no code. */
  #recordMembers(site: number, object: object, path: number): void {
    const { base, sites } = sitesAround(site);
    for (const [key, member] of sites.memberClosures.get(site - base)!) {
      const closure = (object as Record<string, unknown>)[key];
      if (typeof closure !== "function" || stampOf(closure) !== -1) continue;
      let row = this.blocks.plainRow(path, base + member);
      if (row === -1) row = this.#addPlainRow(path, base + member, this.#siteSize(base + member));
      this.#allocate(row, closure);
    }
  }

  #recordMeasured(site: number, value: object, depth: number): void {
    const path = this.paths.current(depth);
    const shape = shapeOf(value);
    const { blocks } = this;
    const type = blocks.typeOf(shape.type, Domain.heap);
    this.#allocate(blocks.row(path, site, type, shape.measure(value)), value);
    const backing = shape.backing?.(value) ?? null;
    if (backing === null) return;
    const { store } = backing;
    const external = blocks.row(path, site, blocks.typeOf(backing.type, Domain.external), backing.size);
    // The buffer's own stamp is its object's; its bytes get a registration of their own.
    if (store === value) this.#registerBlock(external, store);
    else if (stampOf(store) === -1) this.#allocate(external, store);
  }

  #allocate(row: number, object: object): void {
    stamp(object, this.blocks.firstId + row);
    this.#registerBlock(row, object);
  }

  #registerBlock(row: number, object: object): void {
    // What can run out of stack first: a block must not be counted whose death nobody will report.
    this.#registry.register(object, this.blocks.firstId + row);
    this.blocks.allocate(row);
    this.#registered++;
  }

  #addPlainRow(path: number, site: number, size: number): number {
    const { base, sites } = sitesAround(site);
    const type = this.blocks.typeOf(TYPE_NAMES[sites.kind[site - base]] ?? "Object", Domain.heap);
    return this.blocks.addPlainRow(path, site, type, size);
  }

  #siteSize(site: number): number {
    if (site >= this.#sites.length) this.#growSites();
    const size = this.#sites[site];
    return size === UNKNOWN ? this.#decodeAround(site) : size;
  }

  #growSites(): void {
    const grown = new Int32Array(Math.max(siteLimit(), this.#sites.length * 2));
    grown.set(this.#sites);
    this.#sites = grown;
  }

  #decodeAround(site: number): number {
    const { base, sites } = sitesAround(site);
    if (base + sites.kind.length > this.#sites.length) this.#growSites();
    for (let i = 0; i < sites.kind.length; i++) {
      const size = staticSize(sites.kind[i], sites.parameter[i]);
      const flag = sites.memberClosures.has(i) ? WITH_MEMBERS : 0;
      this.#sites[base + i] = size === 0 ? MEASURED : size | flag;
    }
    return this.#sites[site];
  }

  #newRegistry(): FinalizationRegistry<number> {
    const { blocks } = this;
    const registry: FinalizationRegistry<number> = new FinalizationRegistry((id) => {
      if (this.#registry !== registry) return; // registered before clearTraces()
      this.#registered--;
      blocks.free(id);
    });
    return registry;
  }

  /** The program goes on whatever happens here. */
  #failed(error: unknown): void {
    // A recursion that is about to overflow the stack may do so in here: that says nothing about the tracker.
    if (error instanceof RangeError) return;
    setRecorder(null);
    this.#onFailure(error);
  }
}
