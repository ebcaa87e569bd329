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

/** Bytes of V8's heap, and of what is traced of it. */
export interface HeapFigures {
  readonly used: number;
  readonly traced: number;
}

/** When the heap has changed by so much, it is looked at anew; until then what was found for a line holds for each of its blocks. */
const USED_WORTH_A_LOOK = 2 ** 16;
/** The heap can lose compiled code while the program's objects come to take as much. */
const TRACED_WORTH_A_LOOK = 2 ** 14;

/** Whether a look would find more than the last one. */
export function isWorthALook(last: HeapFigures, now: HeapFigures): boolean {
  const { abs } = Math;
  return (
    abs(now.used - last.used) >= USED_WORTH_A_LOOK || abs(now.traced - last.traced) >= TRACED_WORTH_A_LOOK
  );
}
