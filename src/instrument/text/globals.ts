// Browser compatible.

// The same names in every file: properties of the global object, which the tracker defines, else the first header. V8
// takes such a property for a constant as long as nobody has changed it, in every function, where a variable of the
// module is loaded and checked at each use: acorn runs 1.30 times as long with frames where it took 1.47 times.

/** The shadow stack. */
export const STACK = "$tms$";
/** Whether calls are recorded now: where they are not, compiled code has nothing left of the stores. */
export const RECORDING = "$tmon$";
/** 0: what allocations pass for the slot of a frame where there is none. */
export const NO_SLOT = "$tmz$";

/** What suspendable frames have their slot in: `$a$.d`. */
export const ACTIVATION_SLOT = "d";

/** All properties of the global object. */
export const Globals: {
  readonly stack: typeof STACK;
  readonly recording: typeof RECORDING;
  readonly noSlot: typeof NO_SLOT;
} = { stack: STACK, recording: RECORDING, noSlot: NO_SLOT };
