// Browser compatible.
import { prepaid } from "../../track/calls/prepaid.ts";
import { REPORT_EXPECTED } from "../../track/calls/prepaid_slots.ts";

/** Objects that the line of their `new` is about to report, and of which more is known than it can tell. */
export class ExpectedReports {
  /** A built-in constructor has made it; its line may report it. */
  constructed: object | null = null;
  /** A constructor returns it in the place of its own, and it has been counted where it was made. */
  replacement: object | null = null;

  /** Takes the next report; gives whether its object has been counted where it was made. */
  take(value: object): boolean {
    const { replacement } = this;
    if (replacement !== null) {
      // Whatever is reported next, it is not held any longer.
      this.expect(this.constructed);
      if (value === replacement) return true;
    }
    // The line that it is written in knows better than the frames.
    if (value === this.constructed) this.expect();
    return false;
  }

  /** Has whatever is reported next looked at: it may be one of these. */
  expect(constructed: object | null = null, replacement: object | null = null): void {
    this.constructed = constructed;
    this.replacement = replacement;
    prepaid[REPORT_EXPECTED] = constructed || replacement ? 1 : 0;
  }
}
