// What `tracemalloc hunt` asks of the program that it has started, and what that answers: JSON, one message a line, over a local socket.

/** What is asked. */
export type HuntRequest =
  /** Collect garbage, and write a snapshot; with `heap`, V8's heap of the same moment, too. */
  | { readonly id: number; readonly do: "snapshot"; readonly file: string; readonly heap: string | null }
  /** Call the default export of the program's script so many times. */
  | { readonly id: number; readonly do: "call"; readonly times: number; readonly concurrency: number }
  /** How many listeners the program has for a signal; answered when the event loop has turned. */
  | { readonly id: number; readonly do: "listeners"; readonly signal: string };

/** Bytes, after garbage was collected. */
export interface HuntMemory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
  /** The tracker's own. */
  readonly tracker: number;
}

/** What is answered. Who connects says who it is, as the answer to request 0. */
export interface HuntAnswer {
  readonly id: number;
  /** In words: why it was not done. */
  readonly error?: string;
  readonly memory?: HuntMemory;
  /** Why there is no heap. */
  readonly heapError?: string;
  /** Calls of the default export that threw or rejected, and the first of their messages. */
  readonly failed?: number;
  readonly failure?: string;
  readonly listeners?: number;
  /** The process that answers: the one that was started may have started it. */
  readonly pid?: number;
}
