// STUB, replaced at merge by the lead's tracker.
import { writeFileSync } from "node:fs";

export interface StartOptions {
  nframe?: number;
  sampling?: "exact" | "adaptive" | number;
}

let options: unknown = null;

export function start(wanted: unknown): void {
  options ??= wanted;
}
export function stop(): void {
  options = null;
}
export function isTracing(): boolean {
  return options !== null;
}
export function collect(): Promise<void> {
  return Promise.resolve();
}
export function takeSnapshot(): { dump(filename: string): void } {
  const { __tm_seen: seen = 0, __tm_files: files = [] } = globalThis as {
    __tm_seen?: number;
    __tm_files?: string[];
  };
  return {
    dump: (filename) => writeFileSync(filename, JSON.stringify({ pid: process.pid, seen, files, options })),
  };
}
