// marked renders its own documentation's kind of text: headings, lists, tables, code, links.
import { marked } from "marked";
import type { Iteration } from "./program.ts";

export function prepare(): Iteration {
  let text = "";
  for (let i = 0; i < 120; i++) {
    text += `## Section ${i}\n\nSome *emphasis*, **strong** words, \`code\` and a [link ${i}](https://example.org/${i} "title").\n\n`;
    text += `- one\n- two with \`code\`\n  - nested ${i}\n\n1. first\n2. second\n\n> quoted ${i}\n\n`;
    text += `| a | b |\n|---|--:|\n| ${i} | ${i * 2} |\n| x | *y* |\n\n\`\`\`js\nconst a = ${i};\n\`\`\`\n\n`;
  }
  return () => marked.parse(text);
}
