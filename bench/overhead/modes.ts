// What a program is measured under. Each run is a process of its own.

/** How the process is started, and what it does before it measures. */
export interface Mode {
  readonly name: string;
  /** Under the preload, with these variables; absent: untouched. */
  readonly environment?: Readonly<Record<string, string>>;
  /** V8's own profilers. */
  readonly profiler?:
    | { readonly method: "trackAllocations" }
    | { readonly method: "sampling"; readonly interval: number };
}

export const MODES: readonly Mode[] = [
  { name: "untouched" },
  // The text that sampled modes run, and that which exact mode runs.
  { name: "not tracing", environment: { TRACEMALLOC_SAMPLING: "adaptive" } },
  { name: "not tracing with calls", environment: {} },
  { name: "512 KiB 25", environment: { TRACEMALLOC: "25", TRACEMALLOC_SAMPLING: "524288" } },
  { name: "adaptive 1", environment: { TRACEMALLOC: "1", TRACEMALLOC_SAMPLING: "adaptive" } },
  { name: "adaptive 25", environment: { TRACEMALLOC: "25", TRACEMALLOC_SAMPLING: "adaptive" } },
  { name: "exact 1", environment: { TRACEMALLOC: "1", TRACEMALLOC_SAMPLING: "exact" } },
  { name: "exact 25", environment: { TRACEMALLOC: "25", TRACEMALLOC_SAMPLING: "exact" } },
  { name: "v8 trackAllocations", profiler: { method: "trackAllocations" } },
  { name: "v8 sampling 16 KiB", profiler: { method: "sampling", interval: 16 * 1024 } },
  { name: "v8 sampling 512 KiB", profiler: { method: "sampling", interval: 512 * 1024 } },
];
