// Browser compatible.

import { detectEngine } from "../../host/engine.ts";
import { SafeWeakMap } from "../../tables/safe_collections.ts";
import { markBeside, stamp, stampOf, tokenOf } from "../../track/objects/stamp.ts";
import type { BlockTable } from "../blocks/block_table.ts";
import type { Marks } from "./marks.ts";
import { noteFollowed } from "./note_followed.ts";

const { isArray } = Array;

/** Every object is marked, by a private field of its own. */
export class StampMarks implements Marks {
  readonly areForAll = true;

  of(object: object): number {
    return stampOf(object);
  }

  /**
   * V8 takes the quick way for a RegExp that has just the shape that it was made with. With a field more, `test` takes 6
   * times as long, `replace` and `split` 7 to 8 times (Node 26.10).
   */
  put(object: object, blocks: BlockTable, row: number, decision: number): object {
    const id = blocks.firstId + row;
    const isRegExp = blocks.types[blocks.type.at(row)].name === "RegExp";
    const target = isRegExp ? markBeside(object, id, decision >= 0) : stamp(object, id, decision >= 0);
    if (decision >= 0) noteFollowed(target, blocks, row, decision);
    return target;
  }

  handleOf(object: object): object | null {
    return tokenOf(object);
  }
}

/**
 * Every object is marked, on JavaScriptCore. Bun's `Headers`, `Response`, `Request`, `fetch` and `URLSearchParams` trip
 * over the private fields of an object that they are given (Bun 1.4: "Cannot convert a symbol to a string"), so that only
 * arrays and functions, which they take otherwise, get one; it is several times as quick as a WeakMap.
 */
export class MixedMarks implements Marks {
  readonly areForAll = true;
  readonly #ids = new SafeWeakMap<object, number>();

  of(object: object): number {
    const id = stampOf(object);
    return id >= 0 ? id : (this.#ids.get(object) ?? -1);
  }

  /** JavaScriptCore's collector asks of each object itself whether it is alive. */
  put(object: object, blocks: BlockTable, row: number, decision: number): object {
    const id = blocks.firstId + row;
    if (decision >= 0) noteFollowed(object, blocks, row, decision);
    if (mayBearStamp(object)) stamp(object, id);
    else this.#ids.set(object, id);
    return object;
  }

  handleOf(object: object): object {
    return object;
  }
}

function mayBearStamp(object: object): boolean {
  try {
    return typeof object === "function" || isArray(object);
  } catch {
    return false; // a Proxy that has been revoked
  }
}

/** The marks for sessions that mark every object. */
export function marksForAll(): Marks {
  return detectEngine() === "jsc" ? everLasting : new StampMarks();
}

// Objects of a former session are not new: like stamps, these marks outlast their session.
const everLasting = new MixedMarks();
