// Browser compatible.
import { SnapshotFormatError } from "../../vocabulary/errors.ts";
import { IntPairs } from "./int_pairs.ts";

/** A million tracebacks of 25 frames make 14 million; each takes about a hundred bytes until a view is made. */
export const MAX_CALLS: number = 2 ** 24;

/**
 * Puts paths of integers together as a tree. Node 0 is the root, of which all paths begin; the number of a parent is
 * below those of its children.
 */
export class PathTree {
  /** `[parent, step]` */
  readonly #nodes = new IntPairs();
  /** The path that was walked last, as steps and nodes: neighbours have most of it in common, which costs no look-up. */
  readonly #steps: number[] = [];
  readonly #path: number[] = [];
  #depth = 0;
  #known = 0;
  #node = 0;

  readonly #most: number;

  constructor(most: number = MAX_CALLS) {
    this.#most = most;
    this.#nodes.append(-1, -1);
  }

  /** Where the path has led so far. */
  get node(): number {
    return this.#node;
  }

  /** Goes back to the root. */
  begin(): void {
    this.#known = this.#depth;
    this.#depth = 0;
    this.#node = 0;
  }

  /**
   * Goes on to a child, which is made where there is none for this step.
   * @throws {SnapshotFormatError} where the tree would have more nodes than memory takes
   */
  push(step: number): void {
    const level = this.#depth++;
    if (level < this.#known && this.#steps[level] === step) {
      this.#node = this.#path[level];
      return;
    }
    this.#known = 0;
    this.#node = this.#nodes.number(this.#node, step);
    if (this.#node > this.#most) {
      throw new SnapshotFormatError(
        `the call tree has more than ${this.#most} calls, the most that is shown: filter the snapshot first`,
      );
    }
    this.#steps[level] = step;
    this.#path[level] = this.#node;
  }

  /** By node: its parent and the step that leads there from it; -1 for the root. */
  columns(): { readonly parent: Int32Array; readonly step: Int32Array } {
    return { parent: this.#nodes.first.copy(), step: this.#nodes.second.copy() };
  }
}
