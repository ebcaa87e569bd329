// Browser compatible.

/** Where a resource was asked for. */
export interface ResourcePlace {
  readonly site: number;
  /** The callers' interned path; -1: unknown. */
  readonly path: number;
}

/** What timers, listeners and suspended calls are reported to: implemented in `traces/resources/`, a later stage. */
export interface ResourceRecorder {
  /** Whether a line can be found where nothing is on the shadow stack: on the engine's own. */
  readonly capturesStacks: boolean;
  /**
   * Counts one on the line that is running.
   *
   * @param size Bytes.
   * @param mayStand Whether one may stand for others of its line, which are not counted then.
   * @returns Its number, which no other session has; 0: it is not counted.
   */
  add(domain: number, type: string, size: number, mayStand: boolean): number;
  /** Counts one at a site. */
  addAt(place: ResourcePlace, domain: number, type: string, size: number): number;
  /** It is gone. */
  end(id: number): void;
  /** Counts what has yet to be counted: before figures are read, and before others are reported to. */
  settle(): void;
  /** The tracker itself has failed. */
  failed(error: unknown): void;
}
