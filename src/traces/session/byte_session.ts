// Browser compatible.
import { copyInto } from "../../tables/copy_into.ts";
import { max, min } from "../../tables/own_math.ts";
import { OwnFloat64Array, OwnUint8Array } from "../../tables/safe_collections.ts";
import { prepaid } from "../../track/calls/prepaid.ts";
import { PREPAID_SITES } from "../../track/calls/prepaid_slots.ts";
import { quiet } from "../../track/calls/quiet.ts";
import { CONSTRUCTOR_COST, COUNTS_FIRST, STRING_HEADER, spareBytes } from "../../track/calls/spare_bytes.ts";
import { shapeOf } from "../../track/objects/shape.ts";
import { sizes } from "../../track/sizes/size.ts";
import { DOMAIN_STRING } from "../../vocabulary/domains.ts";
import { MEASURED, WITH_MEMBERS } from "../blocks/cell_fields.ts";
import { NativePaths } from "../paths/native_paths.ts";
import { type Countdown, stepFor } from "../sampling/countdown.ts";
import { ByteBuiltins } from "./byte_builtins.ts";
import { outOfLine } from "./out_of_line.ts";
import { SampleBudget } from "./sample_budget.ts";
import { SampledFollowing } from "./sampled_following.ts";
import { Session, type SessionOptions } from "./session.ts";

/** Of a line's first block at least: more than most have, so that large ones that come later do not hide for long. */
const LEAST_BYTES = 2048;

/** Of the first of a line's results of many blocks: more than most, so that a large one does not hide. */
const MANY_BYTES = 2 ** 20;

/** What a line, or all strings, may count down in advance: what is beyond is drawn anew, as events have no memory. */
const MOST_AHEAD = 2 ** 30;

// What is noted of a site: the step, how many samples in a row asked for a smaller one, and whether the next sample has not been drawn.
const STEP = 31;
const SMALLER = 32;
const MOST_SMALLER = 3 * SMALLER;
const UNDRAWN = 128;

/**
 * A session that samples by bytes. Each allocation takes one subtraction from one number, in the code that reports it: of a line's blocks
 * there are so many to go until its next sample (`prepaid.ts`), of strings so many bytes (`spare_bytes.ts`). The recorder is called for
 * nothing else. Nothing is counted in between: all figures are estimates, of the samples' weights.
 */
export class ByteSession extends Session {
  override readonly builtins: ByteBuiltins = new ByteBuiltins(this);
  readonly #countdown: Countdown;
  readonly #budget: SampleBudget;
  /** By site, log₂ of what each block counts for, in bytes, with what else is noted; 0: not known yet. */
  #steps = new OwnUint8Array(1024);
  /** By site, how many blocks it has made, with those that are to be counted down in advance. */
  #made = new OwnFloat64Array(1024);
  #sites = 1024;
  /** Bytes until the next sample of strings, beyond those that are spare. */
  #beyond: number;

  /** @param hasCalls Whether the program's code records its calls; if not, call paths are those of the engine's stacks. */
  constructor(options: SessionOptions, hasCalls: boolean = true) {
    super(hasCalls ? options : { ...options, nframe: 1 });
    // As `modeFor` has it.
    const countdown = options.sampler as Countdown;
    this.options = options;
    this.#countdown = countdown;
    if (!hasCalls && options.nframe > 1) {
      this.natives = new NativePaths(options.nframe, options.seed);
      this.paths = this.natives.paths;
    }
    this.#budget = new SampleBudget(this, countdown);
    this.budget = this.#budget;
    this.following = new SampledFollowing(this, options, true);
    this.#beyond = countdown.nextByte();
    // Called for samples, and for what may be one.
    this.fresh = outOfLine(this.fresh);
    this.maybeFresh = outOfLine(this.maybeFresh);
    this.text = outOfLine(this.text);
  }

  override clear(): void {
    super.clear();
    this.natives?.clear();
  }

  override takeBack(): void {
    const end = min(this.#sites, PREPAID_SITES);
    for (let site = 1; site < end; site++) {
      this.#made[site] -= prepaid[site];
      prepaid[site] = 0;
      if (this.#steps[site] > 0) this.#steps[site] |= UNDRAWN;
    }
    this.#beyond += spareBytes[0];
    spareBytes[0] = spareBytes[COUNTS_FIRST] = spareBytes[CONSTRUCTOR_COST] = 0;
    this.expected.expect(this.expected.constructed);
  }

  override fresh(site: number, value: object, depth: number): void {
    if (this.#isDue(site, value)) this.#sample(site, () => super.fresh(site, value, depth));
  }

  override maybeFresh(site: number, value: unknown, depth: number): void {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return;
    if (this.expected.take(value)) return;
    if (this.#isDue(site, value)) this.#sample(site, () => super.maybeFresh(site, value, depth));
  }

  override text(site: number, { length }: string, depth: number): void {
    if (this.isByteDue(length + STRING_HEADER))
      this.#sampleText(this.paths.current(depth), site, sizes.string(length), length + STRING_HEADER);
  }

  // ── what built-in functions give, which the stand-ins have not counted down ──

  /** Whether something is being recorded as a sample. */
  get isSampling(): boolean {
    return this.#budget.isSampling;
  }

  /**
   * Has it recorded if it is a sample.
   *
   * @param hasParts Whether it is many blocks, of which each stands for itself.
   */
  builtinValue(site: number, value: unknown, hasParts: boolean, record: () => void): void {
    if (!this.#isDue(site, value, hasParts)) return;
    if (!isBlock(value)) this.#drawNext(site);
    else this.#sample(site, record, hasParts);
  }

  /** Has one recorded that was counted down by so many bytes. */
  builtinSample(step: number, record: () => void): void {
    this.#budget.within(step, false, record);
  }

  /** Counts a block of so many bytes down, which is no line's own; gives whether it is a sample. */
  isByteDue(bytes: number): boolean {
    let left = spareBytes[0] + this.#beyond - bytes;
    const isSample = left <= 0;
    if (isSample) left = this.#countdown.nextByte();
    spareBytes[0] = min(left, MOST_AHEAD);
    spareBytes[COUNTS_FIRST] = 1;
    this.#beyond = left - spareBytes[0];
    return isSample;
  }

  /** Within a sample of many parts. */
  override recordText(path: number, site: number, size: number): number {
    const step = this.#budget.stepOf(size);
    if (step >= 0) this.#sampleText(path, site, size, 2 ** step);
    return 0;
  }

  /**
   * A view of a part of a buffer has the bytes that it shows. It is sampled by its own size: with all of a pool for each view that is
   * sampled, the pool would count as often as it has views.
   */
  override recordPart(site: number, row: number, view: object, size: number): number {
    const { blocks } = this;
    return this.recordMore(site, blocks.row(blocks.path.at(row), site, blocks.type.at(row), size), view);
  }

  /**
   * A container stands for no more than its line has made, where it has grown: one that was made once, and was a sample by chance, would be
   * taken for hundreds, all as large as it has become.
   */
  override mostBlocks(site: number): number {
    if (site === 0 || site >= this.#sites) return Number.POSITIVE_INFINITY;
    return max(1, this.#made[site] - (site < PREPAID_SITES ? prepaid[site] : 0));
  }

  /** Counts a site's block down; gives whether it is sampled. */
  #isDue(site: number, value: unknown, hasParts = false): boolean {
    if (prepaid[site] > 0 && site !== 0) {
      prepaid[site]--;
      return false;
    }
    if (site < this.#sites) this.#made[site]++;
    const step = this.#steps[site];
    return (step > 0 && step < UNDRAWN && site < PREPAID_SITES) || this.#isFirstDue(site, value, hasParts);
  }

  /** The same of a block from which on the line counts down by itself. */
  #isFirstDue(site: number, value: unknown, hasParts: boolean): boolean {
    quiet.depth++;
    try {
      if (!(this.#steps[site] > 0))
        this.#notePrior(site, hasParts ? MANY_BYTES : max(bytesOf(value), LEAST_BYTES));
      const blocks = this.#countdown.nextBlock(this.#steps[site] & STEP);
      if (blocks > 1) this.#payAhead(site, blocks - 2);
      else this.#steps[site] &= ~UNDRAWN;
      return blocks === 1;
    } catch (error) {
      this.failed(error);
      return false;
    } finally {
      quiet.depth--;
    }
  }

  #sample(site: number, record: () => void, hasParts = false): void {
    const budget = this.#budget;
    budget.bytes = 0;
    budget.within(this.#steps[site] & STEP, hasParts, record);
    if (budget.bytes > 0) this.#learn(site, budget.bytes);
    this.#drawNext(site);
  }

  #drawNext(site: number): void {
    this.#payAhead(site, this.#countdown.nextBlock(this.#steps[site] & STEP) - 1);
  }

  /** Has a site's next blocks counted down where they are made. */
  #payAhead(site: number, blocks: number): void {
    const mayCount = site !== 0 && site < PREPAID_SITES;
    if (mayCount) {
      prepaid[site] = min(blocks, MOST_AHEAD);
      this.#made[site] += prepaid[site];
      spareBytes[COUNTS_FIRST] = 1;
    }
    if (mayCount && blocks <= MOST_AHEAD) this.#steps[site] &= ~UNDRAWN;
    else this.#steps[site] |= UNDRAWN;
  }

  /** Notes a line's first step: that of its first block itself, so that a large one does not hide. */
  #notePrior(site: number, bytes: number): void {
    if (site >= this.#sites) {
      this.#grow(site);
      this.#made[site]++;
    }
    this.#steps[site] = stepFor(bytes);
  }

  /** Notes the step of a line: from its blocks' size, where the line alone tells, else from those that were measured. */
  #learn(site: number, measured: number): void {
    const size = this.rows.sizeOf(site);
    const noted = this.#steps[site] & ~UNDRAWN;
    const step = stepFor(size === MEASURED ? measured : size & ~WITH_MEMBERS);
    // It falls slowly: where small blocks and large ones take turns, a large one that comes by a small step would stand for many.
    if (size !== MEASURED || step >= (noted & STEP)) this.#steps[site] = step;
    else if (noted < MOST_SMALLER) this.#steps[site] = noted + SMALLER;
    else this.#steps[site] = (noted & STEP) - 1;
  }

  #sampleText(path: number, site: number, size: number, counted: number): void {
    quiet.depth++;
    try {
      const { blocks, natives, ticker } = this;
      const weight = this.#countdown.weightOf(counted);
      const row = blocks.row(path, site, blocks.typeOf("string", DOMAIN_STRING), size);
      const placed = natives?.place(blocks, row) ?? row;
      blocks.count(row, weight);
      if (placed !== row) blocks.count(placed, weight);
      ticker?.passed(weight, size);
    } catch (error) {
      this.failed(error);
    } finally {
      quiet.depth--;
    }
  }

  #grow(site: number): void {
    const length = max(site + 1, this.#sites * 2);
    this.#steps = copyInto(new OwnUint8Array(length), this.#steps, this.#sites);
    this.#made = copyInto(new OwnFloat64Array(length), this.#made, this.#sites);
    this.#sites = length;
  }
}

/** The same in code that does not record its calls. */
export class NativeByteSession extends ByteSession {
  constructor(options: SessionOptions) {
    super(options, false);
  }
}

/** Of strings, engines have those of one character, and the empty one. */
function isBlock(value: unknown): boolean {
  if (typeof value === "string") return value.length > 1;
  return (typeof value === "object" || typeof value === "function") && value !== null;
}

/** Of an object, with what it has outside the heap; of a string; 0 of anything else. */
function bytesOf(value: unknown): number {
  if (typeof value === "string") return sizes.flatString(value.length);
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return 0;
  const shape = shapeOf(value);
  return shape.measure(value) + (shape.backing?.(value)?.size ?? 0);
}
