import { type CountedParts, countedParts, isText, WITH_ALL_BELOW } from "./counted_parts.ts";
import { findDominators } from "./dominators.ts";
import { type FoundMarks, findMarks, findSessions } from "./find_marks.ts";
import { type HeapGraph, kindOf, nameOf } from "./heap_graph.ts";
import { heldByProgram } from "./held_by_program.ts";
import { setAsideJobRefs } from "./job_refs.ts";
import { takeOffListenerPlaces } from "./listener_places.ts";
import { nearestHolders } from "./nearest_holders.ts";
import { CLOSURE, CODE, NATIVE, SHAPE, SYNTHETIC } from "./node_types.ts";
import { isEngines } from "./node_words.ts";
import { setAsideForeignHolders } from "./page_owned.ts";
import { Scripts } from "./scripts.ts";
import { addTo } from "./sums.ts";
import { SuspendedFrames, takeOffTracedExcess } from "./traced_excess.ts";
import { ownNodes, ownValues } from "./tracker_nodes.ts";
import { adopt } from "./unfollowed.ts";
import { weakenTables } from "./weak_maps.ts";
import { sumsByRow, weighed } from "./weights.ts";
import { wrappedRows } from "./wrapped_rows.ts";

/** Which session's marks are looked for, and what is known of its rows. */
export interface MadeQuestion {
  readonly started: number;
  readonly firstId: number;
  /** By row: the line, as a number. */
  readonly lines: Int32Array<ArrayBuffer>;
  /** By row: the number of its group, for which there is one figure. */
  readonly groups: Int32Array<ArrayBuffer>;
  /** By row: bytes for each block, as the tracker has them, without strings; NaN: of these rows that is not asked. */
  readonly sizes: Float64Array<ArrayBuffer>;
  /** By row: bytes of the strings that each block holds, as the tracker has them. */
  readonly texts: Float64Array<ArrayBuffer>;
  /** Whether the program's code records its calls. */
  readonly recordsCalls: boolean;
  /** Whether each object of the program's bears a mark; in adaptive mode those that do tell for how many they stand. */
  readonly sampling: "exact" | "adaptive" | "bytes";
  /** By row, how many there are; null in exact mode. In adaptive mode marks tell for how many they stand, but for what came after the last that is followed. */
  readonly live: Float64Array<ArrayBuffer> | null;
}

/** By group, bytes for each of its blocks, beyond those that are counted. */
export interface Made {
  readonly groups: Int32Array<ArrayBuffer>;
  /** What others made for it. */
  readonly bytes: Float64Array<ArrayBuffer>;
  /** What V8 has the object take with its parts beyond what the tracker took it for; less than 0: it takes less. */
  readonly own: Float64Array<ArrayBuffer>;
  /** The same for the strings that it holds. */
  readonly texts: Float64Array<ArrayBuffer>;
  /** Calls that wait among what others made for it: these are counted in a domain of their own, too. */
  readonly suspended: Float64Array<ArrayBuffer>;
  /** By group: how many blocks fewer there are than those that are followed stand for; less than 0: there are more. */
  readonly fewer: Float64Array<ArrayBuffer>;
}

/** From code up to the function that it is of. */
const MOST_CODE_STEPS = 12;

/** A list of properties grows by three places where one more is needed. */
const ROOM_OF_MARK = 24;

const NOBODY = 0;

/**
 * What the engine, the runtime and code without instrumentation have made for the program's objects: it has no mark, and nothing but one
 * of these objects leads to it, or it wraps one of them alone (a listener's record, a timer, a reaction). Left out is what the
 * tracker counts by itself: elements, properties, tables, the variables of functions, strings. Uses the graph up.
 *
 * @returns Null where the session is not in this heap.
 */
export function engineMade(graph: HeapGraph, question: MadeQuestion): Made | null {
  setAsideForeignHolders(graph);
  setAsideJobRefs(graph);
  weakenTables(graph);
  const dominator = findDominators(graph);
  const sessions = findSessions(graph).filter(
    ({ started }) => started !== null && Math.abs(started - question.started) < 1e-3,
  );
  if (sessions.length === 0) return null;
  takeOffListenerPlaces(graph);
  return new MadeSizes(graph, dominator, findMarks(graph, sessions), question).sum();
}

/** Of a group. */
interface Sum {
  bytes: number;
  own: number;
  texts: number;
  blocks: number;
  fewer: number;
  suspended: number;
}

type ByRow = ReadonlyMap<number, number>;

class MadeSizes {
  readonly #graph: HeapGraph;
  readonly #dominator: Uint32Array;
  readonly #question: MadeQuestion;
  readonly #scripts: Scripts;
  /** By node: its row + 1 where the program made it. */
  readonly #rowOf: Uint32Array<ArrayBuffer>;
  readonly #isOwn: (node: number) => boolean;
  readonly #frames: SuspendedFrames;
  /** By node: 1 where the tracker counts it by itself. */
  readonly #isPart: Uint8Array<ArrayBuffer>;
  readonly #parts: CountedParts;
  /** By node: for how many blocks it stands; null: each for itself. */
  readonly #weights: Float32Array<ArrayBuffer> | null;
  /** By row: how many blocks all that bear its mark stand for; null: each for itself. */
  readonly #stoodFor: ReadonlyMap<number, number> | null;
  /** By node: its row + 1 where it is likely to be the program's though it has no mark; null: all that are have one. */
  readonly #likely: Uint32Array<ArrayBuffer> | null;
  readonly #codeOf = new Map<number, boolean>();

  constructor(graph: HeapGraph, dominator: Uint32Array, marks: FoundMarks, question: MadeQuestion) {
    this.#graph = graph;
    this.#dominator = dominator;
    this.#question = question;
    this.#scripts = new Scripts(graph);
    const { firstId, lines, sampling } = question;
    this.#rowOf = marks.ids;
    for (let node = 0; node < this.#rowOf.length; node++) {
      const row = this.#rowOf[node] - firstId;
      this.#rowOf[node] = row >= 0 && row < lines.length ? row + 1 : NOBODY;
    }
    this.#isOwn = ownNodes(graph, this.#scripts, marks);
    const { recordsCalls } = question;
    this.#frames = new SuspendedFrames(graph, this.#scripts);
    takeOffTracedExcess(graph, { frames: this.#frames, isOwn: this.#isOwn, recordsCalls });
    this.#weights = sampling === "exact" ? null : weighed(this.#rowOf, marks.weights, question);
    const of = { rowOf: this.#rowOf, scripts: this.#scripts, isOwn: this.#isOwn };
    this.#stoodFor = this.#weights && sumsByRow(this.#rowOf, this.#weights);
    this.#likely = this.#weights && adopt(graph, { ...of, weights: this.#weights });
    const { isToken } = marks;
    this.#parts = countedParts(graph, { ...of, likely: this.#likely, dominator, isToken });
    this.#isPart = this.#parts.isPart;
    for (const node of ownValues(graph, this.#isOwn)) this.#isPart[node] = WITH_ALL_BELOW;
  }

  sum(): Made {
    const { nodeCount, sizes } = this.#graph;
    const isOpen = (node: number): boolean =>
      this.#rowOf[node] === NOBODY && this.#isPart[node] === 0 && !this.#isOwn(node);
    const { lines } = this.#question;
    const of = { dominator: this.#dominator, rowOf: this.#rowOf, isOpen };
    const owner = wrappedRows(this.#graph, { ...of, lines });
    const near = nearestHolders(this.#graph, { ...of, isPart: this.#isPart });
    const shared = heldByProgram(this.#graph, { ...of, isPart: this.#isPart, likely: this.#likely });
    const bytes = new Map<number, number>();
    const counts = new Map<number, number>();
    const suspended = new Map<number, number>();
    for (let node = 1; node < nodeCount; node++) {
      const row = this.#rowOf[node];
      if (row !== NOBODY) {
        owner[node] = row;
        const weight = this.#weights?.[node] ?? 1;
        if (weight > 0) addTo(counts, row, weight);
        continue;
      }
      const drawn = this.#likely?.[node] ?? NOBODY;
      if (drawn !== NOBODY) addTo(counts, drawn, 1);
      if (this.#isOwn(node)) {
        owner[node] = OURS;
        continue;
      }
      const above = this.#dominator[node];
      if (this.#isPart[above] === WITH_ALL_BELOW) {
        this.#isPart[node] = WITH_ALL_BELOW;
        this.#parts.wholeOf[node] = this.#parts.wholeOf[above];
      }
      if (owner[node] === NOBODY) {
        const far = owner[above];
        if (far === NOBODY) owner[node] = shared[node];
        else owner[node] = far === OURS || near[node] === NOBODY ? far : near[node];
      }
      const pays = owner[node];
      if (pays === NOBODY || pays === OURS || !this.#counts(node)) continue;
      addTo(bytes, pays, sizes.at(node));
      if (this.#frames.of(node) !== -1) addTo(suspended, pays, 1);
    }
    return this.#perBlock({ bytes, counts, suspended });
  }

  /** Whether it is V8's list of the compiled code that relies on a hidden class: it comes and goes with that code. */
  #isCodeList(node: number): boolean {
    const graph = this.#graph;
    return isEngines(nameOf(graph, node), "WeakArrayList") && kindOf(graph, this.#dominator[node]) === SHAPE;
  }

  #perBlock({ bytes, counts, suspended }: Record<"bytes" | "counts" | "suspended", ByRow>): Made {
    const { groups } = this.#question;
    const sums = new Map<number, Sum>();
    const sumOf = (row: number): Sum => {
      const group = groups[row - 1];
      let sum = sums.get(group);
      if (sum === undefined)
        sums.set(group, (sum = { bytes: 0, own: 0, texts: 0, blocks: 0, fewer: 0, suspended: 0 }));
      return sum;
    };
    for (const [row, blocks] of counts) {
      const sum = sumOf(row);
      sum.blocks += blocks;
      sum.bytes += bytes.get(row) ?? 0;
      sum.suspended += suspended.get(row) ?? 0;
      if (this.#stoodFor !== null) sum.fewer += (this.#stoodFor.get(row) ?? 0) - blocks;
    }
    this.#addOwn(sumOf);
    const found = [...sums].filter(([, { blocks }]) => blocks > 0);
    const column = (of: "bytes" | "own" | "texts" | "suspended"): Float64Array<ArrayBuffer> =>
      Float64Array.from(found, ([, sum]) => sum[of] / sum.blocks);
    return {
      groups: Int32Array.from(found, ([group]) => group),
      bytes: column("bytes"),
      own: column("own"),
      texts: column("texts"),
      suspended: column("suspended"),
      fewer: Float64Array.from(found, ([, { fewer }]) => fewer),
    };
  }

  /** Adds what the objects take by themselves and with their parts, less what the tracker takes them for. */
  #addOwn(sumOf: (row: number) => Sum): void {
    const { nodeCount, sizes } = this.#graph;
    const { sizes: taken, texts } = this.#question;
    const { wholeOf, isAsTaken } = this.#parts;
    // What a class or constructor is taken for has its `prototype` in it, and hidden classes: these would count twice.
    const isUnknown = (node: number): boolean =>
      isAsTaken[node] === 1 && kindOf(this.#graph, node) !== CLOSURE;
    for (let node = 1; node < nodeCount; node++) {
      // One that is likely is no part of itself.
      const isPart = this.#isPart[node] !== 0 && wholeOf[node] !== node;
      const whole = isPart ? wholeOf[node] : node;
      const row = this.#rowOf[whole] || (this.#likely?.[whole] ?? NOBODY);
      if (row === NOBODY || Number.isNaN(taken[row - 1]) || this.#isOwn(node)) continue;
      const weight = this.#weights?.[whole] ?? 1;
      const sum = sumOf(row);
      if (!isPart) {
        const ofMark = isAsTaken[node] === 1 ? ROOM_OF_MARK : 0;
        if (!isUnknown(node)) sum.own += (sizes.at(node) - ofMark - taken[row - 1]) * weight;
        sum.texts -= texts[row - 1] * weight;
        continue;
      }
      const kind = kindOf(this.#graph, node);
      if (isText(kind) && this.#isPart[node] !== WITH_ALL_BELOW) sum.texts += sizes.at(node) * weight;
      else if (!isUnknown(whole) && kind !== NATIVE && kind !== SYNTHETIC && kind !== CODE && kind !== SHAPE)
        sum.own += sizes.at(node) * weight;
    }
  }

  /** Whether a node that nobody has counted is memory of V8's heap that came with the program's objects. */
  #counts(node: number): boolean {
    if (this.#isPart[node] !== 0) return false;
    const kind = kindOf(this.#graph, node);
    // Outside the heap.
    if (kind === NATIVE || kind === SYNTHETIC) return false;
    if (this.#isCodeList(node)) return false;
    const isOfCode = kind === CODE || (isText(kind) && kindOf(this.#graph, this.#dominator[node]) === CODE);
    return isOfCode ? this.#isOwnCode(node) : true;
  }

  /** Code, and the text of a script, count where the script goes with the function: made by `new Function`, `eval`, `vm`. Those of files come and go as V8 likes. */
  #isOwnCode(node: number): boolean {
    let at = node;
    for (let step = 0; step < MOST_CODE_STEPS; step++) {
      if (at === 0) return false;
      if (kindOf(this.#graph, at) === CLOSURE) return this.#hasOwnScript(at);
      at = this.#dominator[at];
    }
    return false;
  }

  #hasOwnScript(closure: number): boolean {
    let known = this.#codeOf.get(closure);
    if (known === undefined) {
      const script = this.#scripts.nodeOf(closure);
      known = false;
      for (let at = script, step = 0; at > 0 && step < MOST_CODE_STEPS && !known; step++) {
        at = this.#dominator[at];
        known = at === closure;
      }
      this.#codeOf.set(closure, known);
    }
    return known;
  }
}

const OURS = 0xffffffff;
