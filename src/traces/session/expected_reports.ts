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
      this.expect(this.constructed, null);
      if (value === replacement) return true;
    }
    // The line that it is written in knows better than the frames.
    if (value === this.constructed) this.expect(null, null);
    return false;
  }

  /** Has whatever is reported next looked at: it may be one of these; null: there is none. */
  expect(constructed: object | null, replacement: object | null): void {
    this.constructed = constructed;
    this.replacement = replacement;
    prepaid[REPORT_EXPECTED] = constructed !== null || replacement !== null ? 1 : 0;
  }
}
