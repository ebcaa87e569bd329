// Browser compatible.

/**
 * The data of a snapshot, in columns: what the tracker copies out, what dump and load carry, and what statistics
 * read. Nothing here is an object per block: one row stands for all blocks of the same traceback, type, domain
 * and size, and equal frames and tracebacks are stored once.
 */
export interface SnapshotColumns {
  /** Frames that tracebacks point to. Frame 0 need not be special. */
  readonly frames: FrameColumns;
  readonly tracebacks: TracebackColumns;
  readonly blocks: BlockColumns;
  /** Names that `BlockColumns.type` points to ("Object", "Array", "closure", a class's name, …). */
  readonly types: readonly string[];
  /** Processes that `BlockColumns.process` points to; absent where all blocks are of one. */
  readonly processes?: readonly ProcessName[];
  /** How many frames a traceback may hold: `getTracebackLimit()` when the snapshot was taken. */
  readonly tracebackLimit: number;
}

/** A process or a worker of a merged snapshot. */
export interface ProcessName {
  /** The process id, or what else tells the process apart. */
  readonly pid: string;
  /** The number of the worker's thread; `""`: the process's main thread. */
  readonly worker: string;
  /** Labels that its blocks carry, where some do: then a process stands here once for each set of them. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** One entry per distinct frame (file, line, column, function). */
export interface FrameColumns {
  /** Names that `filename` points to. */
  readonly filenames: readonly string[];
  /** Names that `functionName` points to (`f`, `Class.method`, `<anonymous>`, `<module>`, or `""`: unknown). */
  readonly functionNames: readonly string[];
  /** Index into `filenames`. */
  readonly filename: Int32Array;
  /** 1-based; 0: unknown. */
  readonly lineno: Int32Array;
  /** 1-based; 0: unknown. */
  readonly column: Int32Array;
  /** Index into `functionNames`. */
  readonly functionName: Int32Array;
  /** The line on which the function is declared, 1-based; 0: unknown. */
  readonly functionLine: Int32Array;
}

/** One entry per distinct traceback. Traceback `i` has the frames `frames[offset[i]] … frames[offset[i + 1] - 1]`. */
export interface TracebackColumns {
  /** One longer than the number of tracebacks. */
  readonly offset: Int32Array;
  /** Indices into the frame columns, oldest frame first, as in `Traceback`. */
  readonly frames: Int32Array;
  /** Number of frames before truncation; -1: unknown. */
  readonly totalNframe: Int32Array;
}

/** One row per (traceback, type, domain, size) and, in merged snapshots, process. */
export interface BlockColumns {
  /** Index into the traceback columns. */
  readonly traceback: Int32Array;
  /** Index into `types`. */
  readonly type: Int32Array;
  readonly domain: Int32Array;
  /** Bytes of one block. A fraction only in profiles that other tools wrote. */
  readonly size: Float64Array;
  /** Blocks alive. A fraction where the figure is an estimate. */
  readonly count: Float64Array;
  /** Blocks allocated since `start()` or `clearTraces()`, dead ones too. */
  readonly allocatedCount: Float64Array;
  /** Bytes allocated since `start()` or `clearTraces()`. */
  readonly allocatedSize: Float64Array;
  /** Index into `processes`; absent where all blocks are of one. */
  readonly process?: Int32Array;
  /** Blocks that were alive when the traced size was largest; absent where nobody kept them. */
  readonly peakCount?: Float64Array;
}

/** So many rows of zeros, to be filled in. */
export function newBlockColumns(rows: number): BlockColumns {
  return {
    traceback: new Int32Array(rows),
    type: new Int32Array(rows),
    domain: new Int32Array(rows),
    size: new Float64Array(rows),
    count: new Float64Array(rows),
    allocatedCount: new Float64Array(rows),
    allocatedSize: new Float64Array(rows),
  };
}
