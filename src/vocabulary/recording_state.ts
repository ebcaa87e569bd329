// Browser compatible.

/** What can be asked of the recording of allocations by those who have not loaded it: see `browser.ts`. */
export interface Recording {
  clearTraces(): void;
  getTracedMemory(): { current: number; peak: number };
  isTracing(): boolean;
  resetPeak(): void;
  stop(): void;
}
