// Browser compatible.

// What an activation is of: they differ in who resumes them. (A file of nothing else: bundlers
// put the numbers in their places.)

/** Resumed by a caller. */
export const GENERATOR = 0;
/** Resumed by the event loop. */
export const ASYNC_FUNCTION = 1;
/** Resumed by either. */
export const ASYNC_GENERATOR = 2;
/** As an async function, without a `finally` at its end: a module that awaits. */
export const MODULE = 3;
export type ActivationKind =
  | typeof GENERATOR
  | typeof ASYNC_FUNCTION
  | typeof ASYNC_GENERATOR
  | typeof MODULE;
