// Browser compatible.

/** A function that makes a value when it is first called, and gives the same one from then on. */
export function once<T extends object>(make: () => T): () => T {
  let made: T | null = null;
  return () => (made ??= make());
}
