// terser minifies acorn's tokenizer and parser (60 KB of them).
import { minify } from "terser";
import { type Iteration, packageText } from "./program.ts";

export function prepare(): Iteration {
  const text = packageText("postcss/lib/parser");
  return () => minify(text, { compress: true, mangle: true });
}
