// Browser compatible.
import { copyInto } from "../../tables/copy_into.ts";
import { max } from "../../tables/own_math.ts";
import { OwnUint8Array } from "../../tables/safe_collections.ts";
import { quiet } from "../../track/calls/quiet.ts";
import { sizes } from "../../track/sizes/size.ts";
import { DOMAIN_STRING } from "../../vocabulary/domains.ts";
import { MEASURED, WITH_MEMBERS } from "../blocks/cell_fields.ts";
import { NativePaths } from "../paths/native_paths.ts";
import { type Countdown, stepFor } from "../sampling/countdown.ts";
import { SiteBudget } from "../sampling/site_budget.ts";
import { SampledFollowing } from "./sampled_following.ts";
import { Session, type SessionOptions } from "./session.ts";

/** Of a line whose blocks are measured, until the first of them is: more than most, so that large ones do not hide for long. */
const UNKNOWN_BYTES = 4096;

/**
 * A session that samples by bytes: each allocation takes one subtraction from one number, wherever it comes from, and nothing else until a
 * sample is due. Nothing is counted in between: all figures are estimates, of the samples' weights.
 */
export class ByteSession extends Session {
  readonly #countdown: Countdown;
  readonly #followed: SampledFollowing;
  readonly #budget: SampleBudget;
  /** By site, log₂ of what is counted down for the next block; 0: not known yet. */
  #steps = new OwnUint8Array(1024);
  #sites = 1024;

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
    this.#followed = new SampledFollowing(this, options, true);
    this.following = this.#followed;
  }

  override clear(): void {
    super.clear();
    this.natives?.clear();
  }

  override fresh(site: number, value: object, depth: number): void {
    if (this.#isDue(site)) this.#sample(site, () => super.fresh(site, value, depth));
  }

  override maybeFresh(site: number, value: unknown, depth: number): void {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return;
    if (this.expected.take(value)) return;
    if (this.#isDue(site)) this.#sample(site, () => super.maybeFresh(site, value, depth));
  }

  override text(site: number, value: unknown, depth: number): void {
    if (typeof value !== "string") return;
    const size = sizes.string(value.length);
    const step = stepFor(size);
    if (this.#countdown.isDue(step)) this.#sampleText(this.paths.current(depth), site, size, step);
  }

  override recordMaybe(site: number, value: object, path: number): void {
    if (this.#budget.step >= 0) {
      super.recordMaybe(site, value, path);
      return;
    }
    // What a built-in function gave.
    if (this.#isDue(site)) this.#sample(site, () => super.recordMaybe(site, value, path));
  }

  override recordText(path: number, site: number, size: number): number {
    const step = stepFor(size);
    if (this.#countdown.isDue(step)) this.#sampleText(path, site, size, step);
    return 0;
  }

  /** Counts a site's block down; gives whether it is sampled. */
  #isDue(site: number): boolean {
    const step = this.#steps[site];
    if (step > 0 && (this.#countdown.left -= 1 << step) > 0) return false;
    return this.#isSample(site, step);
  }

  /** Of a block that is due, or the first of its line. */
  #isSample(site: number, step: number): boolean {
    if (step > 0) {
      this.#countdown.restart();
      return true;
    }
    quiet.depth++;
    try {
      return this.#countdown.isDue(this.#learn(site, UNKNOWN_BYTES));
    } catch (error) {
      this.failed(error);
      return false;
    } finally {
      quiet.depth--;
    }
  }

  /**
   * A view of a part of a buffer has the bytes that it shows. It is sampled by its own size: with all of a pool for each view that is
   * sampled, the pool would count as often as it has views.
   */
  override recordPart(site: number, row: number, view: object, size: number): number {
    const { blocks } = this;
    return this.recordMore(site, blocks.row(blocks.path.at(row), site, blocks.type.at(row), size), view);
  }

  #sample(site: number, work: () => void): void {
    this.#budget.step = this.#steps[site];
    this.#followed.bytes = 0;
    try {
      work();
    } finally {
      this.#budget.step = NONE;
    }
    if (this.#followed.bytes > 0) this.#learn(site, this.#followed.bytes);
  }

  /** Notes the step of a line, and gives it: from its blocks' size, where the line alone tells, else from the last one that was measured. */
  #learn(site: number, measured: number): number {
    if (site >= this.#sites) this.#grow(site);
    const size = this.rows.sizeOf(site);
    // It falls slowly: where small blocks and large ones take turns, a large one that comes by a small step would stand for many.
    const step =
      size === MEASURED ? max(stepFor(measured), this.#steps[site] - 1) : stepFor(size & ~WITH_MEMBERS);
    this.#steps[site] = step;
    return step;
  }

  #sampleText(path: number, site: number, size: number, step: number): void {
    quiet.depth++;
    try {
      const { blocks, natives, ticker } = this;
      const weight = this.#countdown.weight(step);
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
    this.#sites = length;
  }
}

/** The same in code that does not record its calls. */
export class NativeByteSession extends ByteSession {
  constructor(options: SessionOptions) {
    super(options, false);
  }
}

const NONE = -1;

/** Has no budget by line: a sample is due, or it is not. */
class SampleBudget extends SiteBudget {
  readonly #session: Session;
  readonly #countdown: Countdown;
  /** Of the sample that is being recorded; -1: what is recorded is one only if it is due. */
  step: number = NONE;

  constructor(session: Session, countdown: Countdown) {
    super(session.rows, countdown, session, false);
    this.#session = session;
    this.#countdown = countdown;
  }

  override decide(_site: number, row: number): number {
    return this.step === NONE ? this.#countdown.decide(_site, this.#session.blocks.size.at(row)) : this.step;
  }
}
