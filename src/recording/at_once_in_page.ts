// Browser compatible.
// Takes the place of `at_once.ts` in what bundlers make for pages ("browser" of package.json).

/** The mode for which nothing has to be fetched when recording starts. */
export const modeAtOnce: string | null = "adaptive";
