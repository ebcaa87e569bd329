// postcss parses a big style sheet into nodes that stay.
import { parse } from "postcss";

const PROPERTIES = ["color", "margin", "padding", "border", "background", "transition"] as const;

/** A sheet of rules, comments, at-rules with rules in them, and values of several kinds. */
function styleSheet(rules: number): string {
  const lines = ['@charset "utf-8";', '@import url("base.css") screen;'];
  for (let i = 0; i < rules; i++) {
    const declarations = PROPERTIES.slice(0, 1 + (i % PROPERTIES.length)).map(
      (name, k) =>
        `  ${name}: ${i % 3 === k ? `var(--v${i}, #${i % 10}${k}f)` : `${i}px solid rgb(${k} 0 0)`};`,
    );
    if (i % 4 === 0) declarations.push(`  --v${i}: { a b c } !important;`);
    const rule = `.block-${i} > a:hover,\n#id-${i}[data-x="${i}"] {\n${declarations.join("\n")}\n}`;
    if (i % 7 === 0) lines.push(`/* section ${i} */`);
    lines.push(i % 5 === 0 ? `@media (min-width: ${i}px) and (orientation: portrait) {\n${rule}\n}` : rule);
  }
  return lines.join("\n");
}

export function run(): unknown {
  return parse(styleSheet(2000), { from: undefined });
}
