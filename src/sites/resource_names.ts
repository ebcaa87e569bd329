/**
 * Names of functions that ask for timers and listeners. Calls of these are recorded even in code that records no others, so that what is asked
 * for is charged to the line that asks.
 */
export const RESOURCE_NAMES: readonly string[] = (
  "setTimeout setInterval setImmediate refresh wait yield " +
  "on once addListener prependListener prependOnceListener addEventListener"
).split(" ");
