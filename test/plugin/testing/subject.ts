// Code under test: an instrumented module that leaks in every way that there is, and others that only look like it.
import { instrumented, type TestModule } from "../../instrumented.ts";

/** The module's text. */
export const SOURCE = `
const kept = [], listeners = new Set(), byKey = new Map(), lru = new Map();
let first = null, last = null, tail = null, turn = 0;
export class Node { constructor(next) { this.next = next; } }
export const leaks = {
  object: () => { kept.push({ a: 1 }); },
  closure: () => { const name = "x"; listeners.add(() => name); },
  instance: () => { kept.push(new Node(null)); },
  buffer: () => { kept.push(new Uint8Array(1000)); },
  builtin: () => { kept.push([1, 2, 3].map(String)); },
  nine: () => { for (let i = 0; i < 9; i++) kept.push({ i }); },
  chain: () => { tail = { tail }; },
  async: async () => { await null; kept.push({ b: 1 }); },
  timer: async () => { await new Promise((resolve) => setTimeout(resolve, 0)); kept.push([1]); },
  half: () => { if (turn++ % 2 === 0) kept.push({ half: 1 }); },
};
export const clean = {
  nothing: () => {},
  garbage: () => { for (let i = 0; i < 20; i++) [i].map((x) => ({ x, text: "n" + x })); },
  lazy: () => { first ??= { table: [1, 2, 3].map((x) => ({ x })) }; return first; },
  fills: () => { const key = turn++ % 150; if (!byKey.has(key)) byKey.set(key, { key }); return byKey.get(key); },
  evicts: () => { lru.set(turn++, { turn }); if (lru.size > 8) lru.delete(lru.keys().next().value); },
  last: () => { last = { time: turn++ }; },
  closures: () => { const handlers = [1, 2].map((x) => () => x); return handlers[0](); },
  rarely: () => { if (turn++ % 10 === 0) kept.push({ rare: 1 }); },
  async: async () => { const parts = await Promise.all([1, 2].map(async (x) => ({ x }))); return { parts }; },
  timer: () => new Promise((resolve) => setTimeout(() => resolve({ turn }), 0)),
  parse: () => JSON.parse('{"a":[1,2,{"b":3}]}'),
  throws: () => { try { throw new Error("no"); } catch (error) { return { error }; } },
  generator: () => [...(function* () { yield { a: 1 }; yield [2]; })()],
  weak: () => { const object = {}; return new WeakMap([[object, { object }]]).get(object); },
  buffers: () => { const bytes = new Uint8Array(5000); return bytes.subarray(3); },
};
export function work() { return { w: 1 }; }
export const callers = { viaWork: () => work(), direct: () => ({ d: 1 }), returns: () => [{ r: 1 }, { r: 2 }] };
export const strings = (n) => { let s = ""; for (let i = 0; i < n; i++) s += "abcdefghijklmnop" + i; return s.length; };
`;

/** The line of `leaks.object`: those of the others follow. */
export const FIRST_LEAK = 6;

/** Imports it, instrumented. */
export function subject(): Promise<TestModule> {
  return instrumented(SOURCE, { filename: "/app/subject.mjs" });
}
