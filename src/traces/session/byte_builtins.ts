// Browser compatible.
import type { BuiltinRecorder } from "../../track/calls/recorder.ts";
import { CONSTRUCTOR_COST, spareBytes } from "../../track/calls/spare_bytes.ts";
import { stepFor } from "../sampling/countdown.ts";
import type { ByteSession } from "./byte_session.ts";
import { SessionBuiltins } from "./session_builtins.ts";

/** The same where blocks are sampled by bytes: a stand-in has counted down first, and reports what may be a sample. */
export class ByteBuiltins extends SessionBuiltins {
  readonly #session: ByteSession;
  /** Of what a constructor has made. */
  #step = 0;

  constructor(session: ByteSession) {
    super(session);
    this.#session = session;
  }

  /** A result of many blocks. */
  readonly report: NonNullable<BuiltinRecorder["report"]> = (_to, value, place, argumentCount, run) => {
    this.#session.builtinValue(place.site, value, true, () => run(this, value, place, argumentCount));
  };

  override builtinResult(value: unknown, path: number, site: number): void {
    const session = this.#session;
    if (session.isSampling) super.builtinResult(value, path, site);
    else session.builtinValue(site, value, false, () => super.builtinResult(value, path, site));
  }

  override constructed(value: object, depth: number): void {
    this.settle();
    const cost = spareBytes[CONSTRUCTOR_COST];
    if (!this.#session.isByteDue(cost)) return;
    this.#step = stepFor(cost);
    super.constructed(value, depth);
  }

  override settle(): void {
    if (this.#session.expected.constructed !== null)
      this.#session.builtinSample(this.#step, () => super.settle());
  }
}
