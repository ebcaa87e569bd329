// Browser compatible.
import { type Countdown, stepFor } from "../sampling/countdown.ts";
import { SiteBudget } from "../sampling/site_budget.ts";
import type { Session } from "./session.ts";

const NONE = -1;

/** Has no budget by line: what is recorded is a sample, or part of one. */
export class SampleBudget extends SiteBudget {
  readonly #session: Session;
  readonly #countdown: Countdown;
  /** Of the sample that is being recorded. */
  #step: number = NONE;
  #hasParts = false;
  /** Of all that was recorded, since somebody set it to 0. */
  bytes = 0;

  constructor(session: Session, countdown: Countdown) {
    super(session.rows, countdown, session, false);
    this.#session = session;
    this.#countdown = countdown;
  }

  /** Whether something is being recorded as a sample. */
  get isSampling(): boolean {
    return this.#step !== NONE;
  }

  /** Records a sample. */
  within(step: number, hasParts: boolean, record: () => void): void {
    this.#step = step;
    this.#hasParts = hasParts;
    try {
      record();
    } finally {
      this.#step = NONE;
    }
  }

  /** By which step a block of the sample is one itself; -1: it is not. */
  stepOf(size: number): number {
    this.bytes += size;
    const step = this.#step;
    if (step === NONE) return this.#countdown.decide(0, size);
    // Where a sample is many blocks, following all of them would take long: of those that are smaller a part is chosen, so that each
    // is sampled as often as if it stood alone.
    const own = this.#hasParts ? stepFor(size) : step;
    if (own >= step) return step;
    return this.#countdown.isChosen(own, step) ? own : NONE;
  }

  override decide(_site: number, row: number): number {
    return this.stepOf(this.#session.blocks.size.at(row));
  }
}
