// Browser compatible.
import { NO_SLOT, STACK } from "./globals.ts";

/**
 * The names in every text that the transform inserts (`emit.ts`), so that `original_text.ts` can take each out again. Names end in `$` and a
 * suffix that makes them unlike anything in the file.
 */
export interface Names {
  readonly tracker: string;
  /** Marks brackets that were inserted. */
  readonly mark: string;
  readonly base: string;
  readonly depth: string;
  readonly activation: string;
  readonly initialise: string;
  readonly discard: string;
  /** The shadow stack, and what stands for no slot: properties of the global object, or variables of the file's own. */
  readonly stack: string;
  readonly noSlot: string;
}

/**
 * The names for a file: `$t$` and so on, with the suffix.
 *
 * @param isEvaluating Whether sloppy `eval` may put variables in front of the global object's names.
 */
export function namesWith(suffix: string, isEvaluating = false): Names {
  const ownSuffix = isEvaluating ? suffix : "";
  return {
    tracker: `$t$${suffix}`,
    mark: `$s$${suffix}`,
    base: `$b$${suffix}`,
    depth: `$d$${suffix}`,
    activation: `$a$${suffix}`,
    initialise: `$i$${suffix}`,
    discard: `$v$${suffix}`,
    stack: STACK + ownSuffix,
    noSlot: NO_SLOT + ownSuffix,
  };
}
