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

/** Forgets interned paths: a new path table numbers them anew. Frames show up again at their next call. */
export function forgetPaths(): void {
  for (let i = 1; i < SHADOW_STACK_SLOTS; i++) if (shadowStack[i] < 0) shadowStack[i] = CONTINUE;
}
