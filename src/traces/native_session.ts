// Browser compatible.
import { quiet } from "../track/calls/quiet.ts";
import { Following, type FollowingOptions } from "./following.ts";
import type { NativePathTable } from "./native_path_table.ts";
import { NativePaths } from "./native_paths.ts";
import { Session, type SessionOptions } from "./session.ts";
import type { SiteRows } from "./site_rows.ts";
import type { Ticking } from "./ticker.ts";

/**
 * A session in one of the sampled modes, in code that does not record its calls. Its lines count by themselves, as with one frame; what
 * is followed gets its call path from the engine's stack.
 */
export class NativeSession extends Session {
  override readonly options: SessionOptions;
  override readonly paths: NativePathTable;
  override readonly natives: NativePaths;
  override readonly following: Following;

  #isDrawn = false;

  constructor(options: SessionOptions) {
    super({ ...options, nframe: 1 });
    this.options = options;
    this.natives = new NativePaths(options.nframe, options.seed);
    this.paths = this.natives.paths;
    this.following = new NativeFollowing(this.rows, this, options);
  }

  override clear(): void {
    super.clear();
    this.natives.clear();
  }

  override text(site: number, value: unknown, depth: number): void {
    this.#isDrawn = false;
    super.text(site, value, depth);
    if (typeof value !== "string" || this.#isDrawn) return;
    // Counted where the last one was: its row is still the line's.
    quiet.depth++;
    try {
      this.natives.text(this.rows, site);
    } catch (error) {
      this.failed(error);
    } finally {
      quiet.depth--;
    }
  }

  override recordText(path: number, site: number, size: number): number {
    const row = super.recordText(path, site, size);
    this.#isDrawn = true;
    this.natives.text(this.rows, site, row);
    return row;
  }
}

/** Moves what is followed to the row of its path. */
class NativeFollowing extends Following {
  readonly #session: Ticking & Pick<NativeSession, "natives" | "options">;
  readonly #rows: SiteRows;

  constructor(rows: SiteRows, session: NativeSession, options: FollowingOptions) {
    super(rows, session, options);
    this.#rows = rows;
    this.#session = session;
  }

  override mark(site: number, row: number, object: object, decision: number): void {
    super.mark(site, this.#place(row, decision), object, decision);
  }

  override markMore(row: number, owner: object, decision: number): number {
    return super.markMore(this.#place(row, decision), owner, decision);
  }

  /** What is counted in a row of a path is counted in the line's, too; there it says how much came by that path. */
  #place(row: number, decision: number): number {
    const { blocks } = this.#rows;
    const { natives, options } = this.#session;
    const placed = decision < 0 ? row : natives.place(blocks, row);
    if (placed === row) return row;
    blocks.count(row);
    // One of them is counted when it is followed.
    blocks.count(placed, options.sampler.weight(decision, blocks.size.at(row)) - 1);
    return placed;
  }
}
