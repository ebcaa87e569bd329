// Browser compatible.

/** What the tracker reports to, while tracing: implemented by `traces/session/session.ts`, a later stage. */
export interface Recorder {
  /** A literal, function, class or copy: new without a doubt. What is prepaid of its site may be -1. */
  fresh(site: number, value: object, depth: number): void;
  /** The result of a constructor or of an assignment: perhaps old, perhaps no object. What is prepaid may be -1. */
  maybeFresh(site: number, value: unknown, depth: number): void;
  /** A constructor returns this object, which has been counted before; `maybeFresh` of its `new` follows. */
  replacesInstance(value: unknown): void;
  /** A string that was built. */
  text(site: number, value: string, depth: number): void;
  /** Interns the path of the frames below `depth`; 0 where only one frame is kept. */
  path(depth: number): number;
  /** Counts what sites have counted for themselves, and takes back what is prepaid: see `prepaid.ts`. */
  takeBack(): void;
  /** The tracker itself has failed. */
  failed(error: unknown): void;
}

/** Reports what a built-in function gave for so many arguments. */
export type BuiltinReport = (
  recorder: BuiltinRecorder,
  value: unknown,
  place: { readonly path: number; readonly site: number },
  argumentCount: number,
) => void;

/** What stand-ins for built-in functions report to. What these make is charged to the line that called them: the last frame's. */
export interface BuiltinRecorder {
  /** The path of the frames below the last one. */
  callerPath(depth: number): number;
  /** Where the last frame is calling from; 0, a site that is nowhere, if there is no frame. */
  callerSite(depth: number): number;
  /** What a built-in function gave: a string, or perhaps a new object. */
  builtinResult(value: unknown, path: number, site: number): void;
  /** An object whose type and size are known, made by a built-in function. */
  builtinObject(value: object, path: number, site: number, shape: { type: string; size: number }): void;
  /** A number for the blocks of a type and size (bytes) of one line. */
  rowFor(place: { path: number; site: number }, type: string, size: number): number;
  /** One of these blocks, which cannot have been counted before. */
  builtinBlock(value: object, site: number, row: number): void;
  /** Bytes of objects that were not looked at one by one, as one block that lives as long as `owner`. */
  builtinBytes(owner: object, path: number, site: number, bytes: number): void;
  /** A built-in constructor gave a new object; where the caller is instrumented, `maybeFresh` follows at once. */
  constructed(value: object, depth: number): void;
  /** Where only some results are looked at: reports one of several blocks by `run`, if it is one of these. */
  readonly report?: (...about: [...Parameters<BuiltinReport>, run: BuiltinReport]) => void;
  /** Counts what `constructed` has put off. */
  settle(): void;
  /** The tracker itself has failed. */
  failed(error: unknown): void;
}
