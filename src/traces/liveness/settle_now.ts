// Browser compatible.

// In pages, `settle_now_in_page.ts` takes its place ("browser" of package.json).
import { hostModule } from "../../host/built_in_modules.ts";
import { append, OwnFloat64Array } from "../../tables/safe_collections.ts";
import { letGoOfLast } from "../../track/objects/stamp.ts";
import { Token } from "../../track/objects/token.ts";
import { UnwatchedToken } from "../../track/objects/unwatched_token.ts";
import { DOMAIN_EXTERNAL, DOMAIN_HEAP } from "../../vocabulary/domains.ts";
import { BlockTable } from "../blocks/block_table.ts";
import { heldDecision, heldId } from "../following/held.ts";
import type { Session } from "../session/session.ts";
import { garbageCollector } from "./garbage_collector.ts";
import { askHeap, type HeapQuestions } from "./heap_questions.ts";

/**
 * Settles what is alive within the current job, where the engine can be asked (Node): finalizers come between jobs, and a
 * program that ends in `process.exit()` may have had one job only. Each followed object that is alive is found in the heap,
 * so that what comes out is what `collect()` would give.
 *
 * @param options Whether the program may go on: then exact mode settles only what is not followed.
 * @returns Whether all is settled; if not, garbage has been collected, and finalizers have not run.
 */
export function settleNow(session: Session | null, { goesOn }: { goesOn: boolean }): boolean {
  letGoOfJob();
  letGoOfLast();
  garbageCollector()?.();
  if (session === null || garbageCollector() === null) return false;
  session.takeBack();
  if (goesOn && session.blocks.exact !== undefined) {
    session.blocks.exact.settle(() => {});
    return false;
  }
  const alive = askHeap((heap) => findAlive(session, heap));
  if (alive === null) return false;
  setAlive(session, alive);
  // Finalizers of those that are gone would take them away once more.
  if (goesOn) followOnly(session, alive);
  return true;
}

/** Kept: Node frees the queue of a context that is gone, and crashes when the inspector evaluates there (Node 24 and 26). */
let job: object | null = null;

/**
 * V8 keeps what a WeakRef was made for, or has given, until the job ends: containers that are measured again
 * (`growth.ts`), with all that they hold. A job on a queue of microtasks of its own is one, too, and runs none of the program's.
 */
function letGoOfJob(): void {
  try {
    const vm = hostModule("node:vm");
    if (vm === undefined) return;
    job ??= vm.createContext({}, { microtaskMode: "afterEvaluate" });
    vm.runInContext("0", job);
  } catch {
    // a host that forbids contexts: a little more counts as alive
  }
}

/** A followed object, or what stands for it; of those of exact mode the decision is 0. */
interface Followed {
  readonly target: object;
  readonly row: number;
  readonly decision: number;
}

function findAlive({ blocks, following: { marks, more } }: Session, heap: HeapQuestions): Followed[] {
  const alive: Followed[] = [];
  const add = (target: object, id: number, decision: number): void => {
    const row = id - blocks.firstId;
    // Objects of former sessions, and those that are only remembered.
    if (row >= 0 && row < blocks.site.length && decision >= 0) append(alive, { target, row, decision });
  };
  const addHeld = (target: object, held: number): void => add(target, heldId(held), heldDecision(held));
  if (marks.held === undefined) {
    const addTokens = (tokens: ArrayLike<object>): void => {
      for (let i = 0; i < tokens.length; i++) add(tokens[i], (tokens[i] as Token).id, 0);
    };
    addTokens(heap.objectsWith(Token.prototype));
    addTokens(heap.objectsWith(UnwatchedToken.prototype));
  } else {
    const entries = heap.entriesOf(marks.held);
    for (let i = 0; i < entries.length; i++) {
      const { key, value } = entries[i] as { key: object; value: number | { held: number } };
      if (typeof value === "number") addHeld(key, value);
      else addHeld(value, value.held);
    }
  }
  const entries = more === undefined ? [] : heap.entriesOf(more.held);
  for (let i = 0; i < entries.length; i++) {
    const { key, value } = entries[i];
    const list = value as number[];
    for (let j = 0; j < list.length; j++) addHeld(marks.handleOf(key) ?? key, list[j]);
  }
  return alive;
}

function setAlive({ blocks, options: { sampler } }: Session, followed: readonly Followed[]): void {
  const alive = new OwnFloat64Array(blocks.site.length);
  for (let i = 0; i < followed.length; i++) {
    const { row, decision } = followed[i];
    alive[row] += sampler.weight(decision, blocks.size.at(row));
  }
  blocks.placeDeaths();
  // As any table does: exact mode's has others die with one.
  const { free, follow } = BlockTable.prototype;
  const change = (row: number): number => {
    const { domain } = blocks.types[blocks.type.at(row)];
    return domain === DOMAIN_HEAP || domain === DOMAIN_EXTERNAL ? alive[row] - blocks.live.at(row) : 0;
  };
  // Those first that are gone: the size must not pass its peak on the way.
  for (let row = 0; row < alive.length; row++) {
    const gone = -change(row);
    if (gone > 0) free.call(blocks, row, gone);
  }
  for (let row = 0; row < alive.length; row++) {
    const back = change(row);
    if (back > 0) follow.call(blocks, row, back);
  }
}

function followOnly(session: Session, alive: readonly Followed[]): void {
  session.following.watchAnew();
  for (let i = 0; i < alive.length; i++) {
    const { target, row, decision } = alive[i];
    session.following.watch(target, row, decision);
  }
}
