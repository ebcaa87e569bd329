// Browser compatible.
import { prepaid } from "../../track/calls/prepaid.ts";
import { quiet } from "../../track/calls/quiet.ts";
import { sizes } from "../../track/sizes/size.ts";
import { CELL_SIZE, CELLS_PER_SITE, MEASURED } from "../blocks/cell_fields.ts";
import { NativePaths } from "../paths/native_paths.ts";
import { NativeBuiltins } from "./native_builtins.ts";
import { outOfLine } from "./out_of_line.ts";
import { SampledFollowing } from "./sampled_following.ts";
import { Session, type SessionOptions } from "./session.ts";

/**
 * A session in one of the sampled modes, in code that does not record its calls. Its lines count by themselves, as with one frame; what
 * is followed gets its call path from the engine's stack.
 */
export class NativeSession extends Session {
  declare natives: NativePaths;
  override readonly builtins: NativeBuiltins = new NativeBuiltins(this);

  constructor(options: SessionOptions) {
    super({ ...options, nframe: 1 });
    this.options = options;
    this.natives = new NativePaths(options.nframe, options.seed);
    this.paths = this.natives.paths;
    this.following = new SampledFollowing(this, options);
    // Called for a line's first blocks, and for what is followed.
    this.fresh = outOfLine(this.fresh);
    this.maybeFresh = outOfLine(this.maybeFresh);
  }

  override clear(): void {
    super.clear();
    this.natives.clear();
  }

  override fresh(site: number, value: object, depth: number): void {
    const isMeasured = this.rows.cells[site * CELLS_PER_SITE + CELL_SIZE] === MEASURED;
    if (isMeasured && this.#countsArray(site, value)) prepaid[site] = 0;
    else super.fresh(site, value, depth);
  }

  override maybeFresh(site: number, value: unknown, depth: number): void {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return;
    if (this.expected.take(value)) return;
    // It had to be looked at, as it may have been the one that was expected; all of its line are alike.
    if (prepaid[site] > 0) prepaid[site]--;
    else if (this.#countsArray(site, value)) prepaid[site] = 0;
    else super.maybeFresh(site, value, depth);
  }

  override text(site: number, { length }: string): void {
    quiet.depth++;
    try {
      this.builtins.countText(site, sizes.string(length));
    } catch (error) {
      this.failed(error);
    } finally {
      quiet.depth--;
    }
  }

  override recordText(path: number, site: number, size: number): number {
    const row = super.recordText(path, site, size);
    this.natives.text(this.rows, site, row);
    return row;
  }

  #countsArray(site: number, value: unknown): boolean {
    quiet.depth++;
    try {
      return this.builtins.countsArray(site, value);
    } catch (error) {
      this.failed(error);
      return true;
    } finally {
      quiet.depth--;
    }
  }
}
