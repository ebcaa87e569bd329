// Browser compatible.

/**
 * Compares two strings by code point, as Python does; `<` compares UTF-16 units, which puts U+1F600 before U+FF5E.
 *
 * @returns below 0, 0 or above 0
 */
export function compareCodePoints(a: string, b: string): number {
  if (a === b) return 0;
  const end = Math.min(a.length, b.length);
  let at = 0;
  while (at < end && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  // Where only the second halves of two surrogate pairs differ, the characters start one unit earlier.
  if (at > 0 && isHighSurrogate(a.charCodeAt(at - 1))) at--;
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
