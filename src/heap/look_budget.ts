/** In ms, what may go into looks before a share of the time is all they have: some twenty looks at a small heap. */
const AT_ONCE = 10_000;
/** Of the time that the process lives. */
const SHARE = 0.1;

/** Keeps programs that call `collect()` again and again, as tests and rounds of a measurement do, from doing little else than to look at the heap. */
export class LookBudget {
  #spent = 0;

  /** @param now Milliseconds since the process began. */
  mayLook(now: number): boolean {
    return this.#spent <= AT_ONCE + SHARE * now;
  }

  /** @param ms What a look took. */
  spend(ms: number): void {
    this.#spent += ms;
  }
}
