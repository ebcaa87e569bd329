// Browser compatible.

/** One line on stderr, or on the console where there is none. */
export function warn(message: string): void {
  globalThis.console?.warn(`tracemalloc: ${message}`);
}
