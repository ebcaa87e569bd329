// Browser compatible.

/**
 * The shadow stack: slot 0 holds the depth (the first free slot), slots 1 and up hold one entry per active frame,
 * outermost first. An entry is
 *
 * - a site (0 and up): where the frame is calling from; or
 * - `~node` (negative): the whole path up to and including this frame, interned as `node` of the path table. It stands
 *   there from the first allocation further in until the frame calls from another place; or
 * - `CONTINUE`: no frame; the path goes on from the slot below.
 *
 * Instrumented code writes it directly. A frame takes its slot on entry and gives it back in a `finally`, so that the
 * depth is right after exceptions too. Writes past the end are ignored by typed arrays, so that a recursion deeper than
 * this loses frames of its traceback and nothing else: V8's default stack of 984 KB ends after some 11,000 frames.
 */
export const SHADOW_STACK_SLOTS: number = 1 << 16;

/** The slot array. Its identity never changes: instrumented modules hold it. */
export const shadowStack: Int32Array = new Int32Array(SHADOW_STACK_SLOTS);
shadowStack[0] = 1;

/** An entry that stands for no frame. Site numbers stay below it. */
export const CONTINUE = 0x7fffffff;

const resolved = Promise.resolve();
// biome-ignore lint/suspicious/noThenProperty: from here on it is the promise's own, whatever becomes of the prototype's
resolved.then = Promise.prototype.then;

/** `queueMicrotask`; a bare realm (`vm`) has none. */
export const schedule: (job: () => void) => void =
  globalThis.queueMicrotask ?? ((job) => void resolved.then(job));

function reset(): void {
  shadowStack[0] = 1;
}

/**
 * Once the code that runs now is through, the depth is that of the empty stack. Called where a module's own code goes
 * on: no `finally` can stand around that, so that a module that throws leaves its frame behind. (Microtasks start on an
 * empty stack. In one that is drained in the middle of calls, by hand, the callers' frames are lost.)
 */
export function resetWhenIdle(): void {
  schedule(reset);
}
