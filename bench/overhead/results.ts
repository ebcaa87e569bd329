// What a run of the benchmark leaves behind, in bench/results/.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Found } from "./figures.ts";

/** What the figures were measured on. */
export interface Machine {
  readonly runtime: string;
  readonly version: string;
  readonly date: string;
  readonly cores: number;
  /** How many processes wanted to run, before and after. */
  readonly load: readonly [before: number, after: number];
  readonly rounds: number;
  /** Milliseconds. */
  readonly warm: number;
  readonly ms: number;
}

/** What a runtime's file holds. */
export interface Results {
  readonly machine: Machine;
  readonly found: Found;
}

/** Where the figures of a runtime are. */
export function resultsFile(runtime: string): string {
  const name = runtime === "node" ? "overhead" : `overhead_${runtime}`;
  return fileURLToPath(new URL(`../results/${name}.json`, import.meta.url));
}

/** The figures of a runtime; null: none were saved. */
export function readResults(runtime: string): Results | null {
  const file = resultsFile(runtime);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Results) : null;
}

/** Whether there was more to run beside the benchmark than the machine has cores for. */
export function wasBusy({ cores, load }: Machine): boolean {
  return load[0] > cores / 2;
}

/** What the docs give: CPU time where others took the processors away meanwhile. */
export type Measure = "mean" | "cpu";
