// Browser compatible.

/** What can be asked of the recording of allocations by those who have not loaded it: see `browser.ts`. */
export interface Recording {
  clearTraces(): void;
  getTracedMemory(): { current: number; peak: number };
  isTracing(): boolean;
  resetPeak(): void;
  stop(): void;
}

/** `recording`: null until it has been loaded, by whomever. */
export const recordingState: { recording: Recording | null } = { recording: null };
