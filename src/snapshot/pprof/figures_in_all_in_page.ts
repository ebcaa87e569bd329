// Browser compatible.

// Takes the place of `figures_in_all.ts` in what bundlers make for pages: no page shows people what strangers' files say.

/** Lets all figures pass. */
export function addUp(): void {}
