import { hasReplacedBuiltins } from "../track/builtins/intrinsics.ts";

/**
 * Loads what looks at the heap, and looks (`look_for_made.ts`). What loads and does this asks for built-ins by their names, in its own
 * time: where the program has replaced some, what was known stays.
 */
export async function lookIfAsked(): Promise<void> {
  if (hasReplacedBuiltins()) return;
  const { lookForMade } = await import("./look_for_made.ts");
  await lookForMade();
}
