// Browser compatible.

/** What the tracker reports to, while tracing: implemented by `traces/session.ts`, a later stage. */
export interface Recorder {
  /** A literal, function, class or copy: new without a doubt. */
  fresh(site: number, value: object, depth: number): void;
  /** The result of a constructor or of an assignment: perhaps old, perhaps no object. */
  maybeFresh(site: number, value: unknown, depth: number): void;
  /** A string that was built. */
  text(site: number, value: unknown, depth: number): void;
  /** Interns the path of the frames below `depth`; 0 where only one frame is kept. */
  path(depth: number): number;
}
