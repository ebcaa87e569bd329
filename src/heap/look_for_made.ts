import { clock } from "../host/clock.ts";
import { currentSession, settleRecording } from "../recording/recording.ts";
import { placeOf } from "../snapshot/take/by_path.ts";
import { type MadeSizes, setMade } from "../snapshot/take/made_sizes.ts";
import { IntPairMap } from "../tables/int_pair_map.ts";
import type { BlockTable } from "../traces/blocks/block_table.ts";
import type { Session } from "../traces/session/session.ts";
import { DOMAIN_STRING, DOMAIN_SUSPENDED, DOMAIN_TIMER } from "../vocabulary/domains.ts";
import { warn } from "../vocabulary/warn.ts";
import { type ResourceBytes, shareBeside } from "./beside_resources.ts";
import type { Made, MadeQuestion } from "./engine_made.ts";
import { heapToWrite, tooLargeToWrite } from "./heap_size.ts";
import { madeInWorker } from "./in_worker.ts";
import { type HeapFigures, isWorthALook, LookBudget } from "./look_budget.ts";
import { addTo } from "./sums.ts";
import { type TakenSizes, takenSizes } from "./taken_sizes.ts";
import { temporaryHeap, writeHeapSnapshot } from "./write_heap_snapshot.ts";

/** V8 takes 20 to 50 ms to write a MiB, during which the program stands still. */
const LARGEST = 64 * 2 ** 20;
/** Of its least, as for a heap report. */
const V8_TAKES = 4;
const budget = new LookBudget();
let looking: Promise<void> | null = null;
let lookedAt: (HeapFigures & { readonly blocks: BlockTable }) | null = null;
let hasFailed = false;

/**
 * Has V8 write its heap, and another thread find out what the engine, Node and code without instrumentation have made for the program's
 * objects: snapshots count it with these from then on. Whoever asks while that is under way gets the same answer. Where it cannot
 * be done, what was known stays.
 */
export function lookForMade(): Promise<void> {
  looking ??= lookNow().finally(() => {
    looking = null;
  });
  return looking;
}

async function lookNow(): Promise<void> {
  const session = currentSession();
  if (session === null || hasFailed || tooLargeToWrite({ times: V8_TAKES, most: LARGEST }) !== null) return;
  const { blocks } = session;
  const used = heapToWrite() ?? 0;
  const now = { used, traced: blocks.current };
  if (lookedAt?.blocks === blocks && !isWorthALook(lookedAt, now)) return;
  const began = clock();
  if (!budget.mayLook(began)) return;
  let heap: ReturnType<typeof temporaryHeap> | null = null;
  try {
    heap = temporaryHeap();
    writeHeapSnapshot(heap.file);
    lookedAt = { blocks, ...now };
    const asked = questionOf(session);
    const made = await madeInWorker({ heapFile: heap.file, question: asked.question });
    // Calls that wait are counted when somebody wants to know.
    settleRecording();
    if (made !== null) setMade(blocks, sizesOf(made, session, asked));
  } catch (error) {
    // The next one would end as this one did.
    hasFailed = true;
    warn(`what the engine made for objects is not counted: ${(error as Error).message}`);
  } finally {
    heap?.remove();
    budget.spend(clock() - began);
  }
}

/** Rows that have one figure: by site and type, in exact mode by path, too. */
class Groups {
  readonly #blocks: BlockTable;
  readonly #hasPaths: boolean;
  readonly #places = new IntPairMap();
  readonly #known = new IntPairMap();

  constructor({ blocks, options: { sampling } }: Session) {
    this.#blocks = blocks;
    this.#hasPaths = sampling === "exact";
  }

  /** The number of a row's group: the first rows have the first numbers. */
  of(row: number): number {
    const { path, site, type } = this.#blocks;
    const place = numberOf(this.#places, this.#hasPaths ? path.at(row) : 0, site.at(row));
    return numberOf(this.#known, place, type.at(row));
  }
}

interface Asked {
  readonly question: MadeQuestion;
  readonly groups: Groups;
  /** By group, its first row. */
  readonly firsts: readonly number[];
  readonly taken: TakenSizes;
}

function questionOf(session: Session): Asked {
  const { blocks, started, options } = session;
  const rows = blocks.site.length;
  const lines = Int32Array.from(blocks.site.copy());
  const groupOf = new Int32Array(rows);
  const groups = new Groups(session);
  const firsts: number[] = [];
  const taken = takenSizes(session);
  for (let row = 0; row < rows; row++) {
    groupOf[row] = groups.of(row);
    if (groupOf[row] === firsts.length) firsts.push(row);
  }
  const sampling: MadeQuestion["sampling"] =
    typeof options.sampling === "number" ? "bytes" : options.sampling;
  const mean = (of: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> =>
    sampling === "exact" ? of : meansOf(of, groupOf, blocks);
  const live = sampling === "exact" ? null : Float64Array.from(blocks.live.copy());
  const { firstId } = blocks;
  const question: MadeQuestion = {
    started,
    firstId,
    lines,
    groups: groupOf,
    sizes: mean(taken.sizes),
    texts: mean(taken.texts),
    sampling,
    recordsCalls: session.natives === undefined,
    live,
  };
  return { question, groups, firsts, taken };
}

/** By row, the mean of its group: which rows' blocks are followed is chance, and one may have blocks a thousand times as large as another's. */
function meansOf(
  of: Float64Array<ArrayBuffer>,
  groups: Int32Array,
  { live }: BlockTable,
): Float64Array<ArrayBuffer> {
  const sums: number[] = [];
  const blocks: number[] = [];
  for (let row = 0; row < of.length; row++) {
    sums[groups[row]] = (sums[groups[row]] ?? 0) + of[row] * live.at(row);
    blocks[groups[row]] = (blocks[groups[row]] ?? 0) + live.at(row);
  }
  return of.map((value, row) => (blocks[groups[row]] > 0 ? sums[groups[row]] / blocks[groups[row]] : value));
}

function numberOf(numbers: IntPairMap, a: number, b: number): number {
  let number = numbers.get(a, b);
  if (number === -1) numbers.set(a, b, (number = numbers.size));
  return number;
}

/** Less than this for a block is as likely what a mark takes, or room that was counted for an object as a whole. */
const LEAST = 4;

/** In the sampled modes a block's row may not be the one of its path: a line has one figure. */
function sizesOf(made: Made, session: Session, { groups, firsts, taken }: Asked): MadeSizes {
  const { blocks } = session;
  const hasPaths = session.options.sampling === "exact";
  const { path, site, type } = blocks;
  const rows = Array.from(made.groups, (group) => firsts[group]);
  const lines = rows.map((row) => lineOf(site.at(row)));
  const alive = sumsByGroup(blocks, blocks.live, groups);
  const own = (i: number): number => (Math.abs(made.own[i]) < LEAST ? 0 : made.own[i]);
  const more = (i: number): number => made.bytes[i] + Math.max(0, own(i));
  const fewer = fewerBlocks(made, alive, sumsByGroup(blocks, blocks.allocated, groups));
  const left = rows.map((_, i) => Math.max(0, alive[made.groups[i]]! - fewer[i]));
  const entries = rows.map((_, i) => ({
    line: lines[i],
    bytes: more(i) * left[i],
    suspended: made.suspended[i] * left[i],
  }));
  const share = shareBeside(entries, resourcesByLine(blocks));
  const found = {
    path: hasPaths ? rows.map((row) => path.at(row)) : null,
    site: rows.map((row) => site.at(row)),
    type: rows.map((row) => type.at(row)),
    bytes: rows.map((_, i) => more(i) * share(lines[i]) + Math.min(0, own(i))),
    texts: rows.map(() => 0),
    fewer,
    of: rows.map((_, i) => alive[made.groups[i]]!),
    stringType: blocks.typeOf("string", DOMAIN_STRING),
  };
  addTexts(found, { made, rows, left, fewer }, { session, taken, groups });
  return found;
}

interface FoundRows {
  readonly made: Made;
  /** By entry of what was found, its row. */
  readonly rows: readonly number[];
  /** By entry, how many blocks are alive. */
  readonly left: readonly number[];
  /** By entry, as in `MadeSizes`. */
  readonly fewer: readonly number[];
}

/** Adds the strings that were not seen: a line that has some already has rows for them, which become larger. */
function addTexts(
  found: Record<"site" | "type" | "bytes" | "texts" | "fewer" | "of", number[]> & {
    path: number[] | null;
    stringType: number;
  },
  { made, rows, left, fewer }: FoundRows,
  { session, taken, groups }: { session: Session; taken: TakenSizes; groups: Groups },
): void {
  const { path, site, live } = session.blocks;
  const places = new IntPairMap();
  const placeOfRow = (row: number): number =>
    numberOf(places, found.path !== null ? path.at(row) : 0, site.at(row));
  const holders: number[] = [];
  const known: number[] = [];
  const blocks: number[] = [];
  for (let row = 0; row < taken.holders.length; row++) {
    const place = placeOfRow(row);
    holders[place] = (holders[place] ?? 0) + taken.holders[row] * live.at(row);
    const group = groups.of(row);
    known[group] = (known[group] ?? 0) + taken.texts[row] * live.at(row);
    blocks[group] = (blocks[group] ?? 0) + live.at(row);
  }
  const more: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    const group = made.groups[i];
    // Those that turned out not to be there have counted with the strings that they would hold.
    const ofFewer = blocks[group] > 0 ? (known[group] / blocks[group]) * fewer[i] : 0;
    if (Math.abs(made.texts[i]) < LEAST && Math.abs(ofFewer) < LEAST) continue;
    const place = placeOfRow(rows[i]);
    if (holders[place] > 0) more[place] = (more[place] ?? 0) + made.texts[i] * left[i] - ofFewer;
    else found.texts[i] = Math.max(0, made.texts[i]);
  }
  for (let i = 0; i < rows.length; i++) {
    const place = placeOfRow(rows[i]);
    if (!more[place]) continue;
    found.path?.push(path.at(rows[i]));
    found.site.push(site.at(rows[i]));
    found.type.push(found.stringType);
    found.bytes.push(more[place] / holders[place]);
    found.texts.push(0);
    found.fewer.push(0);
    found.of.push(0);
    more[place] = 0;
  }
}

function lineOf(site: number): string {
  if (site === 0) return "";
  const { filename, line } = placeOf(site);
  return `${line} ${filename}`;
}

/** By group; rows may have come since the heap was written. */
function sumsByGroup({ site }: BlockTable, of: BlockTable["live"], groups: Groups): number[] {
  const sums: number[] = [];
  for (let row = 0; row < site.length; row++) {
    const group = groups.of(row);
    sums[group] = (sums[group] ?? 0) + of.at(row);
  }
  return sums;
}

/** By entry. Of which none was seen to die, those are as many as were counted, without an error. */
function fewerBlocks(
  { groups, fewer }: Made,
  alive: readonly number[],
  allocated: readonly number[],
): number[] {
  return Array.from(fewer, (blocks, i) => {
    const died = allocated[groups[i]]! - alive[groups[i]]!;
    return died > 0 ? Math.max(blocks, -died) : 0;
  });
}

/** By line, bytes of what is counted in domains of its own. */
function resourcesByLine({ site, type, types, size, live }: BlockTable): ResourceBytes {
  const found: ResourceBytes = { all: new Map(), suspended: new Map() };
  for (let row = 0; row < site.length; row++) {
    const { domain } = types[type.at(row)];
    if (domain < DOMAIN_TIMER || domain > DOMAIN_SUSPENDED) continue;
    const line = lineOf(site.at(row));
    const bytes = size.at(row) * live.at(row);
    addTo(found.all, line, bytes);
    if (domain === DOMAIN_SUSPENDED) addTo(found.suspended, line, bytes);
  }
  return found;
}
