// Turns of the event loop that throw and reject at random: `node test/paths/soak.ts 5000000`.
import { clearTraces, start, stop } from "../../mod.ts";
import { internedPaths } from "../../src/tracing.ts";
import { shadowStack } from "../../src/track/calls/shadow_stack.ts";
import { instrumented } from "../instrumented.ts";

const PROGRAM = `
  let state;
  /** 0 to below n, repeatable. */
  function random(n) {
    state = Math.imul(state ^ (state >>> 15), state | 1);
    state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
    return ((state ^ (state >>> 14)) >>> 0) % n;
  }
  class Failure extends Error {}
  function fail() { if (random(4) === 0) throw new Failure("at random"); return { made: 1 }; }
  function deep(n) { return n === 0 ? fail() : [deep(n - 1)][0]; }
  function handled() { try { return deep(random(6)); } catch (error) { return { error }; } finally { [random(2)].map((n) => ({ n })); } }
  function* generate() { try { yield deep(2); yield* inner(); yield { last: 1 }; } finally { handled(); } }
  function* inner() { yield fail(); try { yield [1].map(() => fail())[0]; } catch { yield handled(); } }
  async function wait() { await null; return deep(random(3)); }
  async function chain(n) { if (n === 0) return wait(); try { return await chain(n - 1); } finally { await 0; fail(); } }
  async function* stream() { yield 1; yield* more(); yield fail(); }
  async function* more() { await 0; yield deep(1); yield 2; }
  async function consume(most) { for await (const item of stream()) { if (most-- === 0) return item; fail(); } }
  class Base { constructor() { this.x = fail(); } get value() { return deep(1); } }
  class Derived extends Base { constructor() { super(); this.y = this.value; } }
  let live = null;

  const HANDLERS = [
    () => deep(random(8)),
    () => handled(),
    () => { for (const item of generate()) if (random(3) === 0) break; },
    () => { const g = generate(); g.next(); random(2) ? g.return(1) : g.throw(new Failure("thrown in")); },
    () => { const [first] = generate(); return first; },
    () => { live ??= generate(); if (live.next().done) live = null; },
    () => chain(random(4)),
    () => consume(random(4)),
    () => { const g = stream(); g.next().catch(() => {}); g.return().then(() => fail()).catch(() => {}); fail(); },
    () => new Derived(),
    () => [3, 1, 2].sort((a, b) => (fail(), a - b)),
    () => Promise.all([chain(1), chain(2)]).then(() => fail()),
    () => new Promise((resolve) => { fail(); resolve(deep(1)); }).finally(() => fail()),
    () => "text".replace(/./g, () => fail() && ""),
    () => { try { (function forever() { return [forever()]; })(); } catch { if (random(50) === 0) fail(); } },
  ];
  const USUAL = HANDLERS.length - 1; // a stack overflow takes milliseconds: now and then

  /** One turn of the event loop: some handlers, each of which may throw. Calls back with whether it did. */
  export function turn(seed) {
    state = seed | 1;
    const handler = HANDLERS[random(20_000) === 0 ? USUAL : random(USUAL)];
    return handler();
  }
`;

/** What is left after the turns. */
export interface SoakResult {
  readonly turns: number;
  readonly failures: number;
  /** The depth that each turn found at the loop; 1 where all is well. */
  readonly worstDepth: number;
  readonly finalDepth: number;
  /** Interned paths after a tenth of the turns, and at the end. */
  readonly earlyPaths: number;
  readonly finalPaths: number;
}

/** Runs so many turns under the tracker. */
export async function soak(turns: number, seed: number): Promise<SoakResult> {
  const { turn } = await instrumented(PROGRAM);
  const channel = new MessageChannel();
  start(25);
  let failures = 0;
  let worstDepth = 1;
  let earlyPaths = 0;
  const failed = (): void => {
    failures++;
  };
  for (let i = 0; i < turns; i++) {
    await nextTurn(channel);
    worstDepth = Math.max(worstDepth, shadowStack[0]!);
    try {
      turn(Math.imul(seed + i, 0x9e3779b1))?.catch?.(failed);
    } catch {
      failed();
    }
    if (i === Math.floor(turns / 10)) earlyPaths = internedPaths();
    if (i % 100_000 === 99_999) clearTraces(); // the rows of blocks, not the paths
  }
  for (let i = 0; i < 100; i++) await nextTurn(channel);
  const result = {
    turns,
    failures,
    worstDepth,
    finalDepth: shadowStack[0]!,
    earlyPaths,
    finalPaths: internedPaths(),
  };
  stop();
  channel.port1.close();
  return result;
}

/** A turn of the loop proper, cheaper than a timer's millisecond. */
function nextTurn({ port1, port2 }: MessageChannel): Promise<void> {
  return new Promise((resolve) => {
    port1.onmessage = () => resolve();
    port2.postMessage(0);
  });
}

if (process.argv[1]?.endsWith("soak.ts")) {
  const turns = Number(process.argv[2] ?? 5_000_000);
  const seed = Number(process.argv[3] ?? Date.now() & 0xffff);
  console.log(`seed ${seed}`);
  console.log(await soak(turns, seed));
  process.exit();
}
