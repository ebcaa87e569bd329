import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { mergeSnapshots } from "../../snapshot/merge/merge_snapshots.ts";
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import type { HuntAnswer, HuntMemory } from "../../vocabulary/hunt_messages.ts";
import { openSnapshot } from "../open_snapshot.ts";
import type { Progress } from "../progress.ts";
import type { HuntedProgram } from "./hunted_program.ts";
import type { Work } from "./work.ts";

/** How many rounds there are. */
export interface Plan {
  /** Units of a round. */
  readonly requests: number;
  readonly rounds: number;
  readonly warmUp: number;
  /** Milliseconds to wait before it counts that a line has let nothing go. */
  readonly waitMs: number;
}

/** What was found in one run of the program. */
export interface Pass {
  /** Before the first round, and after each. */
  readonly snapshots: Snapshot[];
  readonly files: string[];
  /** By round. */
  readonly requests: number[];
  readonly memory: HuntMemory[];
  /** How many rounds there were before those that show whether what grew stops; null: there were no such. */
  regular: number | null;
  /** After the regular rounds, when there was nothing to do for a while; null: nobody had to know. */
  later: Snapshot | null;
  /** The first process's part of that, whose heap it is. */
  own: Snapshot | null;
  /** Workers and other processes that were there at the most. */
  others: number;
  /** Why there is no heap; null: there is, or none was asked for. */
  heapError: string | null;
  hasHeap: boolean;
}

/** Rounds of twice as many requests that follow where something grew: a cache that fills up may be full by then. */
export const MORE_ROUNDS = 3;
/**
 * Where something still grew, rounds of so many times as many requests, each with one of a quarter of that after it, in which nothing grows any more
 * that was filled by then: by the last, a cache of some 110 rounds' requests is (22,000 by default).
 */
const LONG_ROUNDS = [20, 80];
const THEN = 1 / 4;
/** A long round ends before where it would take longer than that, or bring the program more than so many bytes. */
const LONG_MS = 20_000;
const MOST_GROWTH = 2 ** 28;
/** It is left out where fewer than so many times the requests of a round are possible in that time: a short one may show no growth of what leaks rarely. */
const LEAST_TIMES = 4;
/** In parts that take so long, after each of which the time is looked at. */
const PART_MS = 1000;
/** Between a round's last answer and its snapshot: connections close, and what hangs on them goes. */
const SETTLE_MS = 100;

export function emptyPass(): Pass {
  return {
    snapshots: [],
    files: [],
    requests: [],
    memory: [],
    regular: null,
    later: null,
    own: null,
    others: 0,
    heapError: null,
    hasHeap: false,
  };
}

/** How a pass is made. */
export interface PassOptions {
  readonly plan: Plan;
  readonly folder: string;
  /** What the names of its snapshots begin with. */
  readonly name: string;
  readonly progress: Progress;
  /** Told what is being done, in words that follow "in". */
  readonly onStep: (label: string) => void;
  /** Whether there is something that longer rounds, and later a look at who holds it, would tell more of. */
  readonly isGrown: (pass: Pass) => boolean;
  /** Where V8's heap goes if something grew in the longer rounds, too; null: nowhere. */
  readonly heapFile: string | null;
  /** @throws {InputError} where it makes no sense to go on. */
  readonly checkWarmUp: () => void;
}

/** Drives a program round by round, and fills in what is found: whatever happens, what was found until then is there. */
export async function runPass(
  program: HuntedProgram,
  work: Work,
  pass: Pass,
  options: PassOptions,
): Promise<void> {
  const { plan, progress, heapFile, isGrown, onStep } = options;
  const taker = new PassTaker(program, work, pass, options);
  await taker.work("the warm-up", plan.warmUp);
  options.checkWarmUp();
  await taker.keep();
  for (let i = 1; i <= plan.rounds; i++) await taker.round(`round ${i} of ${plan.rounds}`, plan.requests);
  if (!isGrown(pass)) return;
  for (let i = 1; i <= MORE_ROUNDS; i++)
    await taker.round(`longer round ${i} of ${MORE_ROUNDS}, as something grew`, 2 * plan.requests);
  if (!isGrown(pass)) return;
  onStep("the last look");
  progress.step(`waiting ${plan.waitMs / 1000} s for what lets go by itself`, { long: true });
  await Promise.race([pause(plan.waitMs), program.ended]);
  progress.step(heapFile === null ? "looking again" : "asking who holds it", { long: true });
  await taker.lookLater(heapFile);
  pass.regular = pass.requests.length;
  for (const times of LONG_ROUNDS) {
    if (!isGrown(pass)) return;
    if (!(await taker.longRound(times * plan.requests))) return;
  }
}

/** Has a program work, and takes its snapshots. */
class PassTaker {
  readonly #program: HuntedProgram;
  readonly #work: Work;
  readonly #pass: Pass;
  readonly #options: PassOptions;
  /** Of the last round. */
  #msEach = 1;

  constructor(program: HuntedProgram, work: Work, pass: Pass, options: PassOptions) {
    this.#program = program;
    this.#work = work;
    this.#pass = pass;
    this.#options = options;
  }

  async work(label: string, count: number): Promise<void> {
    const { progress, onStep } = this.#options;
    onStep(label);
    progress.step(`${label}: ${count} ${this.#work.words[1]}`);
    const begun = performance.now();
    await this.#work.run(this.#program, count, (done) => progress.advance(done, count));
    // Clocks of some systems tick slowly.
    this.#msEach = Math.max(0.01, (performance.now() - begun) / count);
    await Promise.race([pause(SETTLE_MS), this.#program.ended]);
  }

  async round(label: string, count: number): Promise<void> {
    await this.work(label, count);
    await this.keep();
    this.#pass.requests.push(count);
  }

  /**
   * A long round, and then another one of a part of that.
   *
   * @returns Whether all of it was done.
   */
  async longRound(wanted: number): Promise<boolean> {
    const { progress, onStep, plan } = this.#options;
    const count = Math.min(wanted, Math.floor(MOST_GROWTH / growthPerRequest(this.#pass)));
    const least = LEAST_TIMES * plan.requests;
    if (count < least || LONG_MS / this.#msEach < least) return false;
    const label = "whether it stops growing";
    onStep(`finding out ${label}`);
    progress.step(`finding out ${label}: up to ${count} ${this.#work.words[1]}`);
    const begun = performance.now();
    let done = 0;
    while (done < count && (done < least || performance.now() - begun < LONG_MS)) {
      const before = done;
      const part = Math.min(count - done, Math.ceil(PART_MS / this.#msEach));
      await this.#work.run(this.#program, part, (some) => progress.advance(before + some, count));
      done += part;
    }
    await Promise.race([pause(SETTLE_MS), this.#program.ended]);
    await this.keep();
    this.#pass.requests.push(done);
    await this.round(`the round after that`, Math.ceil(done * THEN));
    return done === wanted;
  }

  /** Takes the snapshot at the end of a round. */
  async keep(): Promise<void> {
    const { files, snapshots, memory } = this.#pass;
    const file = this.#file(String(files.length));
    const taken = await this.#take(file, null);
    files.push(file);
    snapshots.push(taken.whole);
    if (taken.memory !== null) memory.push(taken.memory);
  }

  /** The last snapshot, and V8's heap of the same moment. */
  async lookLater(heap: string | null): Promise<void> {
    const { whole, own, heapError } = await this.#take(this.#file("later"), heap);
    Object.assign(this.#pass, { later: whole, own, heapError, hasHeap: heap !== null && heapError === null });
  }

  /** Workers, and processes that the program has started, are put together with it. */
  async #take(file: string, heap: string | null): Promise<Taken> {
    const first = await this.#program.ask({ do: "snapshot", file, heap });
    const others = await this.#program.askOthers((index) => {
      return { do: "snapshot", file: file.replace(/\.pb\.gz$/, `-part-${index}.pb.gz`), heap: null } as const;
    });
    const own = openSnapshot(file);
    const heapError = first.heapError ?? null;
    if (others.length === 0) return { whole: own, own, memory: first.memory ?? null, heapError };
    this.#pass.others = Math.max(this.#pass.others, others.length);
    const parts = [file, ...others.map(({ request }) => request.file)];
    const named = parts.map((name, index) => ({ name, snapshot: index === 0 ? own : openSnapshot(name) }));
    const { snapshot: whole } = mergeSnapshots(named, { samePid: true });
    for (const part of parts.slice(1)) rmSync(part, { force: true });
    whole.dump(file);
    return { whole, own, memory: sumOf([first, ...others.map(({ answer }) => answer)]), heapError };
  }

  #file(end: string): string {
    return join(this.#options.folder, `${this.#options.name}${end}.pb.gz`);
  }
}

/** By how many bytes the heap has grown with each request; 1 at least. */
function growthPerRequest({ memory, requests }: Pass): number {
  const sizes = memory.map(({ heapUsed, external }) => heapUsed + external);
  const all = requests.reduce((sum, one) => sum + one, 0);
  return Math.max(1, ((sizes.at(-1) ?? 0) - (sizes[0] ?? 0)) / all);
}

interface Taken {
  readonly whole: Snapshot;
  /** The first process's alone. */
  readonly own: Snapshot;
  readonly memory: HuntMemory | null;
  readonly heapError: string | null;
}

/** Of all heaps. What the system counts is the first process's. */
function sumOf(answers: readonly HuntAnswer[]): HuntMemory | null {
  const all = answers.flatMap(({ memory }) => (memory === undefined ? [] : [memory]));
  if (all.length === 0) return null;
  const sum = (key: keyof HuntMemory): number => all.reduce((total, one) => total + one[key], 0);
  return { rss: all[0].rss, heapUsed: sum("heapUsed"), external: sum("external"), tracker: sum("tracker") };
}
