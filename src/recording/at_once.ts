// Browser compatible.
// In pages whose code records its calls, `at_once_in_page.ts` takes its place ("browser" of package.json).

/** The mode for which nothing has to be fetched when recording starts. */
export const modeAtOnce: string | null = null;
