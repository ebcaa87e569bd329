// Browser compatible.

// The host's own, whatever the program puts there later to fake the time. Bare realms (`vm`) have only dates.
const { performance } = globalThis as { performance?: { now(): number } };

/** Milliseconds from some moment on. */
export const clock: () => number = performance?.now.bind(performance) ?? Date.now;
