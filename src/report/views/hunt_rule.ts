// Browser compatible.

/** What is alive of one line (or of one resource on it) after each round, and how many requests each round had. */
export interface Course {
  /** Bytes; one more than there are rounds: the first is what was alive before. */
  readonly sizes: readonly number[];
  readonly counts: readonly number[];
  /** By round. */
  readonly requests: readonly number[];
}

/** Growth below this is never a leak: bytes in all, and bytes per request. */
const LEAST_BYTES = 1024;
const LEAST_BYTES_PER_REQUEST = 1;
/** No round may grow by less than this share of the average: what is made once grows in one round alone. */
const LEAST_SHARE = 0.25;
/** Of rounds in which something grows by leaps, so many. */
const LEAST_LEAPS = 3;
/** A trend must be so many times as large as what figures scatter around it. */
const CLEAR_TREND = 3;

/**
 * Whether something grew in step with the requests: in every round; or, where it was there before and has not become more objects, as a
 * table grows: by leaps, the longer the rarer, and never back.
 */
export function grewInStep({ sizes, counts, requests }: Course): boolean {
  const growth = differences(sizes);
  const total = growth.reduce((sum, bytes) => sum + bytes, 0);
  const all = requests.reduce((sum, one) => sum + one, 0);
  if (total < LEAST_BYTES || total < LEAST_BYTES_PER_REQUEST * all) return false;
  const average = total / all;
  if (growth.every((bytes, round) => bytes > 0 && bytes >= LEAST_SHARE * average * requests[round]))
    return true;
  if (counts.at(-1)! > counts[0] || growth.some((bytes) => bytes < 0)) return false;
  const leaps = growth.filter((bytes) => bytes > 0).length;
  const half = all / 2;
  let before = 0;
  const late = growth.reduce((sum, bytes, round) => {
    before += requests[round];
    return sum + (before > half ? bytes : 0);
  }, 0);
  return leaps >= LEAST_LEAPS && late >= LEAST_SHARE * total;
}

/** Growth that has fallen below this share of what it was at the beginning slows down. */
const SLOWED = 0.6;
/** Of all requests, so many are the beginning; so many blocks have to be gained in it, or chance makes the difference. */
const BEGINNING = 0.08;
const LEAST_GAINED = 50;

/**
 * Whether something grew by less and less with each request, as a cache does that is asked for the same things again and again, and as no leak
 * does: what grew says when it will stop.
 */
export function isSlowing({ counts, requests }: Pick<Course, "counts" | "requests">): boolean {
  const growth = differences(counts);
  const all = requests.reduce((sum, one) => sum + one, 0);
  let first = 0;
  let before = 0;
  while ((first < 2 || before < BEGINNING * all) && before + requests[first] <= all / 2)
    before += requests[first++];
  const last = growth.length - 1;
  if (first === 0 || first >= last || counts[first] - counts[0] < LEAST_GAINED) return false;
  const rate = (from: number, to: number): number =>
    (counts[to] - counts[from]) / requests.slice(from, to).reduce((sum, one) => sum + one, 0);
  const [early, between, late] = [rate(0, first), rate(first, last), rate(last, last + 1)];
  return late < SLOWED * early && late <= between && between <= early;
}

/** Whether entries, where they are known of the last two moments, came in the last round as they had before. */
export function gainedEntries(
  entries: readonly (number | undefined)[],
  requests: readonly number[],
): boolean {
  const [before, last] = entries.slice(-2);
  const first = entries.findIndex((count) => count !== undefined);
  if (before === undefined || last === undefined || first === entries.length - 1) return true;
  const since = requests.slice(first).reduce((sum, one) => sum + one, 0);
  return (
    last - before >= (LEAST_SHARE * (last - entries[first]!) * requests.at(-1)!) / since && last > before
  );
}

/** Whether estimates grew so clearly that exact figures are worth having, although they may not have grown in every round. */
export function mayHaveGrown({ sizes, requests }: Pick<Course, "sizes" | "requests">): boolean {
  const all = requests.reduce((sum, one) => sum + one, 0);
  const total = sizes.at(-1)! - sizes[0];
  if (total < LEAST_BYTES || total < LEAST_BYTES_PER_REQUEST * all) return false;
  // The line that fits best, through what was alive after so many requests.
  const at = [0];
  for (const one of requests) at.push(at.at(-1)! + one);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, one) => sum + one, 0) / values.length;
  const [middle, level] = [mean(at), mean(sizes)];
  const spread = at.reduce((sum, x) => sum + (x - middle) ** 2, 0);
  const slope = at.reduce((sum, x, i) => sum + (x - middle) * (sizes[i] - level), 0) / spread;
  const rest = at.reduce((sum, x, i) => sum + (sizes[i] - level - slope * (x - middle)) ** 2, 0);
  const error = Math.sqrt(rest / Math.max(1, at.length - 2) / spread);
  return slope > CLEAR_TREND * error;
}

/** From one snapshot to the next. */
function differences(values: readonly number[]): number[] {
  return values.slice(1).map((value, i) => value - values[i]);
}
