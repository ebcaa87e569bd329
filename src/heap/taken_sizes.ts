import { lookAtGrown } from "../traces/growth/grown.ts";
import type { Session } from "../traces/session/session.ts";
import { DOMAIN_HEAP } from "../vocabulary/domains.ts";

/** By row, what snapshots take each of its blocks for at the moment, on the average. */
export interface TakenSizes {
  /** Bytes without strings; NaN: it is not of the heap's. */
  readonly sizes: Float64Array<ArrayBuffer>;
  /** Bytes of the strings that it holds. */
  readonly texts: Float64Array<ArrayBuffer>;
  /** The part of the blocks that hold some. */
  readonly holders: Float64Array<ArrayBuffer>;
}

export function takenSizes(session: Session): TakenSizes {
  const { blocks } = session;
  const { look } = lookAtGrown(session);
  const count = blocks.site.length;
  const [stands, more, texts, holders] = [0, 0, 0, 0].map(() => new Float64Array(count));
  for (let i = 0; i < look.rows.length; i++) stands[look.rows[i]] += look.weights[i];
  for (let i = 0; i < look.rows.length; i++) {
    const row = look.rows[i];
    const share = (look.weights[i] * (look.portions?.[i] ?? 1)) / stands[row];
    // 0: it is gone.
    if (look.sizes[i] > 0) more[row] += share * (look.sizes[i] - blocks.size.at(row));
    const held = look.strings?.[i] ?? 0;
    texts[row] += share * held;
    if (held > 0) holders[row] += share;
  }
  const sizes = new Float64Array(count);
  for (let row = 0; row < count; row++)
    sizes[row] =
      blocks.types[blocks.type.at(row)].domain === DOMAIN_HEAP ? blocks.size.at(row) + more[row] : Number.NaN;
  return { sizes, texts, holders };
}
