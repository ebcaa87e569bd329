// Browser compatible.
import { fix } from "./safe_collections.ts";

/** A Set of the tracker's own. */
export class SafeSet<T> extends Set<T> {}
fix(SafeSet, Set);
