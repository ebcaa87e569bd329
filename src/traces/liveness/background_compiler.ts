// Browser compatible.

// In pages, `background_compiler_in_page.ts` takes its place ("browser" of package.json).
import { hostModule } from "../../host/built_in_modules.ts";
import { host } from "../../host/host.ts";

// The host's own, whatever the program puts there later.
const { Function: OwnFunction } = globalThis;

/** Enough of its loop to be compiled after some calls. */
const ROUNDS = 500;
const MOST_CALLS = 1000;

let functions = 0;

/**
 * Waits until what JavaScriptCore is compiling in the background at this time has been compiled: until then it holds the objects that
 * these functions had in hand when they were taken for it (1 to 10 objects of a loop, for as long as other processes take the cores).
 * It compiles one after the other, so that a function which comes last is compiled when all are. Its text must be a new one.
 */
export async function compiledInBackground(turn: () => Promise<void>): Promise<void> {
  if (host.Bun === undefined) return;
  const jsc = hostModule("bun:jsc");
  if (typeof jsc?.numberOfDFGCompiles !== "function") return;
  const body = `let sum = ${functions++}; for (let i = 0; i < rounds; i++) sum += i & 3; return sum;`;
  const last = new OwnFunction("rounds", body) as (rounds: number) => number;
  for (let calls = 0; calls < MOST_CALLS && jsc.numberOfDFGCompiles(last) < 1; calls++) {
    last(ROUNDS);
    await turn();
  }
}
