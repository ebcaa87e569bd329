// Browser compatible.
import type { BuiltinRecorder } from "../../track/calls/recorder.ts";
import { CONTINUE, SHADOW_STACK_SLOTS, shadowStack } from "../../track/calls/shadow_stack.ts";
import { sizes } from "../../track/sizes/size.ts";
import { DOMAIN_HEAP } from "../../vocabulary/domains.ts";
import type { Session } from "./session.ts";

/** What stand-ins for built-in functions report to: pages fetch it with them. */
export class SessionBuiltins implements BuiltinRecorder {
  readonly #session: Session;
  /** Where `expected.constructed` was made. */
  #pendingPath = 0;
  #pendingSite = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  callerPath(depth: number): number {
    return this.#session.paths.current(depth - 1);
  }

  callerSite(depth: number): number {
    let slot = depth > SHADOW_STACK_SLOTS ? SHADOW_STACK_SLOTS - 1 : depth - 1;
    while (slot > 0 && shadowStack[slot] === CONTINUE) slot--;
    if (slot <= 0) return 0;
    const entry = shadowStack[slot];
    return entry >= 0 ? entry : this.#session.paths.lastOf(~entry);
  }

  builtinResult(value: unknown, path: number, site: number): void {
    if (typeof value === "string") {
      if (value.length > 1) this.#session.recordText(path, site, sizes.flatString(value.length));
      return;
    }
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return;
    const { expected } = this.#session;
    if (value === expected.constructed) expected.expect(null, expected.replacement);
    this.#session.recordMaybe(site, value, path);
  }

  builtinObject(
    value: object,
    path: number,
    site: number,
    { type, size }: { type: string; size: number },
  ): void {
    if (this.#session.following.marks.of(value) === -1)
      this.builtinBlock(value, site, this.rowFor({ path, site }, type, size));
  }

  rowFor({ path, site }: { path: number; site: number }, type: string, size: number): number {
    const { blocks } = this.#session;
    return blocks.row(path, site, blocks.typeOf(type, DOMAIN_HEAP), size);
  }

  builtinBlock(value: object, site: number, row: number): void {
    this.#session.recordNew(site, row, value);
  }

  builtinBytes(owner: object, path: number, site: number, bytes: number): void {
    this.#session.recordMore(site, this.rowFor({ path, site }, "Object", bytes), owner);
  }

  constructed(value: object, depth: number): void {
    this.settle();
    this.#pendingPath = this.callerPath(depth);
    this.#pendingSite = this.callerSite(depth);
    const { expected } = this.#session;
    expected.expect(value, expected.replacement);
  }

  settle(): void {
    const { constructed } = this.#session.expected;
    if (constructed !== null) this.builtinResult(constructed, this.#pendingPath, this.#pendingSite);
  }

  failed(error: unknown): void {
    this.#session.failed(error);
  }
}
