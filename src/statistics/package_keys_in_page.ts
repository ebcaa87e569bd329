// Browser compatible.

/** Pages do without: their bundles have few files' own names. */
export function packageKeysOf(): null {
  return null;
}
