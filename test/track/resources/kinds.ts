import type { StartOptions } from "../../../mod.ts";

/** With calls recorded, and without: as the preload has it in the modes. */
export const KINDS: readonly { name: string; options: StartOptions; calls: boolean }[] = [
  { name: "exact", options: { nframe: 5 }, calls: true },
  { name: "adaptive, no calls recorded", options: { nframe: 5, sampling: "adaptive" }, calls: false },
  { name: "bytes, no calls recorded", options: { nframe: 5, sampling: 4096 }, calls: false },
];
