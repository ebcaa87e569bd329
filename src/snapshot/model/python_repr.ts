// Browser compatible.

/** The method that `console.log` asks for an object's text, on Node, Deno and Bun alike. */
export const inspect: unique symbol = Symbol.for("nodejs.util.inspect.custom");

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

// No literal: Next compiles those of its dependencies for old browsers, and fails on `\p` ("Unknown property: C").
// biome-ignore lint/complexity/useRegexLiterals: see above
const UNPRINTABLE: RegExp = new RegExp("[\\\\\\p{C}\\p{Z}']", "gu");

/** A string as Python's `repr()` shows it, so that a name with control characters cannot garble a terminal. */
export function reprString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text.replace(UNPRINTABLE, (char) => {
    if (char === " ") return char;
    if (char === "'") return quote === "'" ? "\\'" : char;
    return ESCAPES[char] ?? escapeCodePoint(char.codePointAt(0)!);
  });
  return quote + body + quote;
}

function escapeCodePoint(code: number): string {
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

/** Any value as an error message shows it: strings quoted, everything else by its own text. */
export function reprValue(value: unknown): string {
  if (typeof value === "string") return reprString(value);
  if (value !== null && (typeof value === "object" || typeof value === "function")) return typeName(value);
  return String(value);
}

/** The name of a value's type for an error message: `null`, `number`, or a class's name. */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  const name: unknown = (value as { constructor?: { name?: unknown } }).constructor?.name;
  return typeof name === "string" && name !== "" ? name : "object";
}
