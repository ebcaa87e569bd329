// Browser compatible.

/** The largest of some numbers, and `least` at least. Not `Math.max(...)`: as arguments a file's entries overflow the stack. */
export function largest(numbers: Iterable<number>, least = 0): number {
  let most = least;
  for (const number of numbers) if (number > most) most = number;
  return most;
}
