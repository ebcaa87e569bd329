// postcss parses and prints a style sheet of 120 KB.
import postcss from "postcss";
import type { Iteration } from "./program.ts";

export function prepare(): Iteration {
  let text = "";
  for (let i = 0; i < 900; i++) {
    text += `.block-${i} > a:hover, .block-${i}::after { margin: ${i}px auto; color: #${(i * 7919).toString(16)}; }\n`;
    if (i % 10 === 0)
      text += `@media (min-width: ${i}px) { .wide-${i} { display: grid; grid-gap: ${i % 9}em } }\n`;
  }
  return () => postcss.parse(text).toString().length;
}
