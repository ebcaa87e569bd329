import { readFileSync } from "node:fs";
import type { Behaviour } from "./behaviour.ts";

const CASE =
  /^(?<name>.+)\n\n```js(?<words>[ a-z]*)\n(?<source>[\s\S]*?)\n```\n(?<lists>(?:\n```text\n[\s\S]*?\n```\n)*)\s*$/;

/** What source transforms break, case by case: see `hazards.md`. */
export const HAZARDS: readonly Behaviour[] = casesOf("hazards.md");

/** Forms of the language that have a code path of their own in the transform: see `forms.md`. */
export const FORMS: readonly Behaviour[] = [
  ...casesOf("forms.md"),
  { name: "a byte order mark", source: "\uFEFFlog([1])", expected: [["[1]", "value [1]"]] },
  {
    name: "line ends of all kinds",
    source: "log([1])\r\nlog(2)\u2028log([3])\u2029log(4)",
    expected: [["[1]", "2", "[3]", "4", "value 4"]],
  },
];

function casesOf(page: string): Behaviour[] {
  const [, ...sections] = readFileSync(new URL(page, import.meta.url), "utf8")
    .replaceAll("\r\n", "\n")
    .split(/^## /m);
  return sections.map((section) => {
    const found = CASE.exec(section)?.groups as
      | { name: string; words: string; source: string; lists: string }
      | undefined;
    if (found === undefined) throw new Error(`${page}: no case: ${section}`);
    const { name, words, source, lists } = found;
    const sourceType = /\b(?:commonjs|module)\b/.exec(words)?.[0] as "commonjs" | "module" | undefined;
    const expected = [...lists.matchAll(/^```text\n([\s\S]*?)\n```$/gm)].map(([, list]) => list!.split("\n"));
    const mayFail = /\brefused\b/.test(words);
    if ((expected.length === 0) !== mayFail) throw new Error(`${page}: ${name}: what does it show?`);
    return {
      ...{ name, source, expected, mayFail, isNew: /\bnew\b/.test(words) },
      ...(sourceType === undefined ? {} : { sourceType }),
    };
  });
}
