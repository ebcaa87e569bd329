// Browser compatible.
import { quiet } from "../../track/calls/quiet.ts";
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
  #isDrawn = false;

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

  override text(site: number, value: string, depth: number): void {
    this.#isDrawn = false;
    super.text(site, value, depth);
    if (this.#isDrawn) return;
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
