// A snapshot of very many distinct traces, as a large program leaves one: call paths through some thousand functions in
// some hundred files, few of them busy and most of them hardly used.
import { type RawTrace, Snapshot } from "../mod.ts";

const FILES = 300;
const FUNCTIONS = 3000;
const DEPTH = 12;

/**
 * Makes a snapshot of `count` distinct traces.
 * @param seed Other seeds give other sizes, on the same paths where they have the same number.
 */
export function largeSnapshot(count: number, seed = 1): Snapshot {
  return Snapshot.fromTraces(traces(count, seed), 25);
}

function* traces(count: number, seed: number): Generator<RawTrace> {
  const random = generator(42);
  const sizes = generator(seed);
  const seen = new Set<string>();
  while (seen.size < count) {
    const path: number[] = [];
    let from = 0;
    for (let depth = 0; depth < DEPTH; depth++) {
      // A function calls few others, the first ones most.
      from = (from * 7 + Math.floor(8 * random() ** 3) + 1) % FUNCTIONS;
      path.push(from);
    }
    const line = Math.floor(random() * 40);
    const key = `${path.join()} ${line}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const frames = path.map((one, depth) => frame(one, depth === DEPTH - 1 ? line : one % 40)).reverse();
    yield [0, 16 + 8 * Math.floor(100 * sizes() ** 4), frames, DEPTH];
  }
}

const names = Array.from({ length: FILES }, (_, file) =>
  file % 3 === 0 ? `/app/node_modules/lib${file}/index.js` : `/app/src/part${file % 20}/module${file}.ts`,
);

function frame(one: number, line: number): [string, number] {
  return [names[one % FILES]!, 10 + Math.floor(one / FILES) * 50 + line];
}

/** Numbers from 0 to 1, the same ones each time. */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
