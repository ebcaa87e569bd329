// A program that allocates on many lines by many call paths, as text in JavaScript and in Python: 400 functions of five
// allocating lines each, reached by a recursion 24 calls deep that takes one of four lines at each step. Which ones, a seed
// says: the same seed goes the same way.

const LEAVES = 400;
const STEPS = 40;

/** Frames below the allocating line, so that a traceback of 25 is full. */
export const DEPTH = 24;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Exports `run(seed, keep)`: puts 17 objects into `keep`. */
export function javascriptProgram(): string {
  const leaf = (
    n: number,
  ): string => `class Node${n} { constructor(i, seed) { this.i = i; this.seed = seed; } }
function leaf${n}(seed, keep) {
  for (let i = 0; i < 4; i++) {
    keep.push({ i, seed });
    keep.push([i, seed]);
    keep.push(() => i + seed);
    keep.push(new Node${n}(i, seed));
  }
  keep.push(new Map());
}
`;
  const step = (n: number): string => `function step${n}(depth, seed, keep) {
  if (depth === 0) return leaves[seed % ${LEAVES}](seed, keep);
  const next = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  switch ((next >>> 16) & 3) {
    case 0: return step${(n + 1) % STEPS}(depth - 1, next, keep);
    case 1: return step${(n + 3) % STEPS}(depth - 1, next, keep);
    case 2: return step${(n + 7) % STEPS}(depth - 1, next, keep);
    default: return step${(n + 19) % STEPS}(depth - 1, next, keep);
  }
}
`;
  const leaves = numbers(LEAVES).map((n) => `leaf${n}`);
  return `${numbers(LEAVES).map(leaf).join("")}${numbers(STEPS).map(step).join("")}
const leaves = [${leaves.join(", ")}];
export const run = (seed, keep) => step0(${DEPTH}, seed, keep);
`;
}

/** The same for CPython: it has `run(seed, keep)`, too. Its objects are of one to four blocks. */
export function pythonProgram(): string {
  const leaf = (n: number): string => `class Node${n}:
    __slots__ = ("i", "seed")
    def __init__(self, i, seed):
        self.i = i
        self.seed = seed
def leaf${n}(seed, keep):
    for i in range(4):
        keep.append({"i": i, "seed": seed})
        keep.append([i, seed])
        keep.append(lambda: i + seed)
        keep.append(Node${n}(i, seed))
    keep.append(set())
`;
  const step = (n: number): string => `def step${n}(depth, seed, keep):
    if depth == 0:
        return leaves[seed % ${LEAVES}](seed, keep)
    following = (seed * 1103515245 + 12345) & 0xffffffff
    way = (following >> 16) & 3
    if way == 0:
        return step${(n + 1) % STEPS}(depth - 1, following, keep)
    if way == 1:
        return step${(n + 3) % STEPS}(depth - 1, following, keep)
    if way == 2:
        return step${(n + 7) % STEPS}(depth - 1, following, keep)
    return step${(n + 19) % STEPS}(depth - 1, following, keep)
`;
  const leaves = numbers(LEAVES).map((n) => `leaf${n}`);
  return `${numbers(LEAVES).map(leaf).join("")}${numbers(STEPS).map(step).join("")}
leaves = [${leaves.join(", ")}]
def run(seed, keep):
    return step0(${DEPTH}, seed, keep)
`;
}
