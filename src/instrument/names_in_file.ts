// Browser compatible.

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
}

/** The names for a file: `$t$` and so on, with the suffix. */
export function namesWith(suffix: string): Names {
  return {
    tracker: `$t$${suffix}`,
    mark: `$s$${suffix}`,
    base: `$b$${suffix}`,
    depth: `$d$${suffix}`,
    activation: `$a$${suffix}`,
    initialise: `$i$${suffix}`,
    discard: `$v$${suffix}`,
  };
}
