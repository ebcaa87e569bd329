import { setTimeout as pause } from "node:timers/promises";
import { InputError } from "../cli_error.ts";
import { type Answers, ask, type DriveOptions, drive } from "./drive.ts";
import type { HuntedProgram } from "./hunted_program.ts";
import { numbered, type RequestTemplate } from "./requests.ts";

/** What a program is made to do in rounds. */
export interface Work {
  /** For one unit and for several: request, requests. */
  readonly words: readonly [one: string, several: string];
  /** Waits until the program can work. */
  ready(program: HuntedProgram): Promise<void>;
  /** Does so many units; tells how many are done. */
  run(program: HuntedProgram, count: number, onDone: (done: number) => void): Promise<void>;
}

/** Between two attempts to reach a server that starts. */
const POLL_MS = 100;
/** A server that answers, but not well, may not be ready yet: it gets so long. */
const BAD_ANSWER_MS = 5000;
/** What the program does between two signals, at least: two that wait become one. */
const SIGNAL_MS = 20;
/** Calls are asked for in so many lots, so that progress can be shown. */
const LOTS = 20;

/** Requests to a server. */
export function requestWork(
  templates: readonly RequestTemplate[],
  answers: Answers,
  options: DriveOptions,
): Work {
  let next = 0;
  return {
    words: ["request", "requests"],
    async ready(program) {
      const first = numbered(templates[0], 0);
      const started = performance.now();
      let answeredAt: number | null = null;
      for (;;) {
        const outcome = await Promise.race([ask(first, options), program.ended]);
        const now = performance.now();
        if (outcome === null) return;
        const isAnswer = outcome.startsWith("status ");
        if (isAnswer) answeredAt ??= now;
        const what = `${first.method} ${first.url}`;
        if (answeredAt !== null && now - answeredAt > BAD_ANSWER_MS)
          throw new InputError(`${what}: ${outcome}, not 2xx: give an address that works, or --any-status`);
        if (now - started > options.timeoutMs)
          throw new InputError(
            isAnswer
              ? `${what}: ${outcome}, not 2xx`
              : `${what}: ${outcome}, ${Math.round((now - started) / 1000)} s after the start; --timeout waits longer`,
          );
        await Promise.race([pause(POLL_MS), program.ended]);
      }
    },
    async run(program, count, onDone) {
      const aborted = new AbortController();
      let done = 0;
      const range = [next, next + count] as const;
      next += count;
      const driven = drive(templates, range, answers, {
        ...options,
        signal: AbortSignal.any([options.signal, aborted.signal]),
        onAnswer: () => onDone(++done),
      });
      try {
        await Promise.race([driven, program.ended]);
      } finally {
        aborted.abort();
      }
    },
  };
}

/** Calls of a script's default export. */
export function callWork(answers: Answers, concurrency: number): Work {
  return {
    words: ["call", "calls"],
    ready: () => Promise.resolve(),
    async run(program, count, onDone) {
      const lot = Math.max(concurrency, Math.ceil(count / LOTS));
      for (let done = 0; done < count; done += lot) {
        const times = Math.min(lot, count - done);
        const { failed = 0, failure = "" } = await program.ask({ do: "call", times, concurrency });
        answers.good += times - failed;
        if (failed > 0) answers.bad.set(failure, (answers.bad.get(failure) ?? 0) + failed);
        onDone(done + times);
      }
    },
  };
}

/** Signals, for each of which a program does something. */
export function signalWork(signal: NodeJS.Signals, answers: Answers): Work {
  let pid: number | undefined;
  return {
    words: ["signal", "signals"],
    async ready(program) {
      const started = performance.now();
      for (;;) {
        const { listeners, ...answer } = await program.ask({ do: "listeners", signal });
        pid = answer.pid;
        if (listeners !== undefined && listeners > 0) return;
        if (performance.now() - started > BAD_ANSWER_MS)
          throw new InputError(
            `the program does not listen for ${signal}, which would end it: process.on("${signal}", …)`,
          );
        await Promise.race([pause(POLL_MS), program.ended]);
      }
    },
    async run(program, count, onDone) {
      for (let done = 1; done <= count; done++) {
        program.kill(signal, pid);
        await Promise.race([pause(SIGNAL_MS), program.ended]);
        await program.ask({ do: "listeners", signal });
        answers.good++;
        onDone(done);
      }
    },
  };
}

/** Whether something answers already before the program has started: that would be driven in its place. */
export async function isTaken(
  templates: readonly RequestTemplate[],
  options: DriveOptions,
): Promise<boolean> {
  const outcome = await ask(numbered({ ...templates[0], method: "GET", body: null }, 0), {
    ...options,
    timeoutMs: Math.min(options.timeoutMs, 2000),
  });
  return outcome !== "connection refused";
}
