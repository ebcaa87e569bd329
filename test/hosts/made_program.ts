// Makes things for which the engine and Node make more: what each takes, by V8 or, traced, by its line.
import { EventEmitter, on } from "node:events";
import { Readable } from "node:stream";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let made = 0;
const copy = (text: string): string => Buffer.from(text).toString();

/** Each stands on a line of its own, with what lives on. */
// biome-ignore format: a line each
const KINDS: Readonly<Record<string, (n: readonly number[]) => unknown>> = {
  executors: (n) => n.map(() => { const of: unknown[] = [null]; void new Promise((resolve) => { of[0] = resolve; }); return of; }),
  reactions: (n) => { const lives = new Promise(() => {}); for (const i of n) void lives.then(() => i); return lives; },
  races: (n) => { const lives = new Promise(() => {}); for (const i of n) void Promise.race([lives, i]); return lives; },
  combined: (n) => { const lives = new Promise(() => {}); return [lives, n.map((i) => Promise.all([lives, i]))]; },
  suspended: (n) => { const lives = new Promise(() => {}); return [lives, n.map(async (i) => { await lives; return i; })]; },
  generators: (n) => n.map((i) => { const made = (function* () { yield i; yield n; })(); made.next(); return made; }),
  properties: (n) => n.map((i) => Object.assign(() => i, { a: i, b: i, c: i, d: i })),
  constructors: (n) => n.map(() => { function F(this: object) {} F.prototype.m = 1; F.max = 2; return [F, Reflect.construct(F, [])]; }),
  classes: (n) => n.map(() => { class C { x = 1; m() {} } return [C, new C()]; }),
  code: (n) => n.map(() => new Function("a", `return { a, b: [1, 2, a + ${made++}], c: "some text" };`)),
  listeners: (n) => { const { signal } = new AbortController(); for (const i of n) signal.addEventListener("abort", () => i); return signal; },
  signals: (n) => n.map(() => new AbortController().signal),
  timers: (n) => n.map((i) => setTimeout(() => i, 1e8).unref()),
  emitters: (n) => { const emitter = new EventEmitter(); emitter.setMaxListeners(0); for (const i of n) emitter.once("x", () => i); return emitter; },
  variables: (n) => n.map((i) => { const body = copy(`the body of request ${i}, which is a text of some length`); return () => body.length; }),
  parts: (n) => n.map((i) => [copy(`${"a field;".repeat(100)}${i}`).slice(3, 40)]),
  bigints: (n) => n.map((i) => ({ large: 12_345_678_901_234_567_890n * BigInt(i + 1), i })),
  iterators: (n) => { const emitter = new EventEmitter(); emitter.setMaxListeners(0); return [emitter, n.slice(-25).map(() => on(emitter, "x"))]; },
  errors: (n) => n.map((i) => { try { return JSON.parse(`{a bad text ${i}`); } catch (error) { return error; } }),
  streams: (n) => n.map(() => new Readable({ read: () => {} })),
  views: (n) => n.map((i) => [new Float64Array([i, i]), new DataView(new ArrayBuffer(8)), new Uint8Array(new ArrayBuffer(8), 0, 4)]),
};
/** The line of the first. */
const FIRST = 13;

const names = Object.keys(KINDS);
const MANY = 500;
const n = Array.from({ length: MANY }, (_, i) => i);
const kept: unknown[] = [];
setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

async function used(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    await new Promise((resolve) => setTimeout(resolve));
    gc();
  }
  return getHeapStatistics().used_heap_size;
}

/** The median of three rounds: other things come and go. */
async function byEngine(name: string): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < 4; round++) {
    const before = await used();
    kept.push(KINDS[name](n));
    rounds.push((await used()) - before);
  }
  return rounds.slice(1).sort((a, b) => a - b)[1] / MANY;
}

async function byLines(): Promise<Record<string, number>> {
  const { collect, takeSnapshot } = await import("tracemalloc");
  const lines = async (): Promise<Map<number, number>> => {
    await used();
    await collect();
    const found = takeSnapshot().statistics("lineno");
    return new Map(found.map(({ traceback, size }) => [traceback.at(-1)!.lineno, size]));
  };
  for (const name of names) kept.push(KINDS[name](n));
  const before = await lines();
  for (const name of names) kept.push(KINDS[name](n));
  const after = await lines();
  const grown = names.map((_, i) => (after.get(i + FIRST) ?? 0) - (before.get(i + FIRST) ?? 0));
  return Object.fromEntries(names.map((name, i) => [name, grown[i] / MANY]));
}

const sizes: Record<string, number> = {};
if (process.env.TRACEMALLOC) Object.assign(sizes, await byLines());
else for (const name of names) sizes[name] = await byEngine(name);
console.log(JSON.stringify(sizes));
process.exit();
