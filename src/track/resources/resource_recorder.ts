// Browser compatible.

/** What timers, listeners and suspended calls are reported to: implemented in `traces/resources/`, a later stage. */
export interface ResourceRecorder {
  /** Whether a line can be found where nothing is on the shadow stack: on the engine's own. */
  readonly capturesStacks: boolean;
  /**
   * Counts one on the line that is running.
   *
   * @param size Bytes.
   * @returns Its number, which no other session has; 0: no line of the program's has asked for it.
   */
  add(domain: number, type: string, size: number): number;
  /**
   * The same of one at a site.
   *
   * @param path The callers' interned path; -1: unknown.
   */
  addAt(
    place: { readonly site: number; readonly path: number },
    domain: number,
    type: string,
    size: number,
  ): number;
  /** It is gone. */
  end(id: number): void;
  /** The tracker itself has failed. */
  failed(error: unknown): void;
}
