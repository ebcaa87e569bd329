// Browser compatible.

/** Copies the first so many values; gives `to`. The methods of typed arrays, and their constructors, may be the program's. */
export function copyInto<T extends Int32Array | Uint8Array | Float64Array>(
  to: T,
  from: T,
  length: number,
): T {
  for (let i = 0; i < length; i++) to[i] = from[i];
  return to;
}
