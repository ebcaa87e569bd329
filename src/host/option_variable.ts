/** A word of `NODE_OPTIONS` or `BUN_OPTIONS`, in quotes where it needs them. */
export function quotedOption(word: string): string {
  return /[\s"\\]/.test(word) ? `"${word.replace(/["\\]/g, "\\$&")}"` : word;
}

/** The variable's value with one option more, behind those that it has. */
export function withOption(value: string | undefined, option: string): string {
  return value === undefined || value === "" ? option : `${value} ${option}`;
}

/** The variable's value without an option that `withOption` has added. */
export function withoutOption(value: string | undefined, option: string): string {
  return (value ?? "").replace(option, "").trim();
}
