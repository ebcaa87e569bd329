// Derives the patterns that take inserted texts out again from the texts themselves, and writes them down for `original_text.ts`: pages
// load these strings, and neither what inserts texts nor what makes patterns of them.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Emitter, namesWith } from "../src/instrument/text/emit.ts";
import { ACTIVATION_SLOT, NO_SLOT, RECORDING, STACK } from "../src/instrument/text/globals.ts";
import { alternation, type Fragments } from "./alternation.ts";
import {
  ANYTHING,
  emittedTexts,
  fileTexts,
  namedTexts,
  RECEIVER,
  SITE,
  STRING,
  SUFFIX,
  VARIABLE,
} from "./inserted_texts.ts";

/** What the generated module exports. */
export type InsertionPatterns = Readonly<Record<keyof typeof CONTENTS, string>>;

/** With what the generated module says about each. */
const CONTENTS = {
  name: "A file's own name, without its suffix.",
  noSlot: "The one name that an insertion may have alone.",
  written: "What stands in no text that was printed anew: comments, and the brackets that they mark as ours.",
  printed: "What a printer makes of these.",
  whole: "Statements.",
  opening: "What opens a bracket that another text closes.",
  closing: "What closes it.",
  namedOpening: "As `opening` and `closing`, printed anew, around a function that its place names.",
  namedClosing: "",
} as const;

const COMMENT = /\/\*.*?\*\//g;

/** @param emit What inserts the texts. */
export function derivePatterns(emit: Emitter = new Emitter(namesWith(SUFFIX))): InsertionPatterns {
  const written = new Set(fileTexts());
  const printed = new Set<string>();
  const whole = new Set<string>();
  const opening = new Set<string>();
  const closing = new Set<string>();
  for (const text of Object.values(emittedTexts(emit)).flat().flatMap(withoutBrackets)) {
    // A statement of ours that begins with `;` ends one of the program's; a printer writes one of its own there.
    if (/^;|\/\*/.test(text) || isLeftOpen(text)) {
      written.add(text);
      const rest = withoutMarks(text);
      if (rest.includes(SUFFIX) && !rest.includes(ANYTHING)) printed.add(rest);
    } else {
      const depth = text.split("(").length - text.split(")").length;
      (depth === 0 ? whole : depth > 0 ? opening : closing).add(text);
    }
  }
  const { starts, ends } = namedTexts(emit);
  const plain = (text: string): string => text.replace(COMMENT, "");
  return {
    name: patternOf(Object.values(emit.names).flatMap((name) => name.match(/^\$\w\$(?=\ue000$)/) ?? [])),
    noSlot: patternOf([NO_SLOT], []),
    written: patternOf([...written]),
    printed: patternOf([...printed]),
    whole: patternOf([...whole]),
    opening: patternOf([...opening]),
    closing: patternOf([...closing]),
    namedOpening: patternOf(starts.map(plain), [...PRINTED_NAMES, ...RULES]),
    namedClosing: patternOf(ends.map(plain), [...PRINTED_NAMES, ...RULES]),
  };
}

/** Brackets that bear a mark are texts of their own: a printer leaves them where they are, without the mark. */
function withoutBrackets(text: string): string[] {
  const [, start = "", middle = "", end = ""] = /^([({]\/\*.*?\*\/)?(.*?)(\/\*[^/]*?\*\/[)}])?$/.exec(text)!;
  return [start, middle, end].filter((part) => part !== "");
}

/** Whether the bracket at the beginning is closed by another text, which bears a mark. */
function isLeftOpen(text: string): boolean {
  let depth = text.startsWith("(") ? 1 : 0;
  if (depth === 0) return false;
  for (const character of text.slice(1)) {
    if (character === "(") depth++;
    if (character === ")" && --depth === 0) return false;
  }
  return true;
}

/** A comment at the beginning keeps two words apart, which a printer does with a blank. */
function withoutMarks(text: string): string {
  return text.replace(/^[;(]/, "").replace(COMMENT, (_, at) => (at === 0 ? " " : ""));
}

const DOUBLE = String.raw`(?:[^"\\]|\\.)*`;
/** A string as Bun prints it, with the quotes that need the fewest escapes. */
const PRINTED_STRING = `(?:${["'", '"', "`"].map((quote) => quote + DOUBLE.replace('"', quote) + quote).join("|")})`;

type Rule = readonly [form: RegExp, pattern: string];

/** What does not match itself alone; the first that fits. */
const RULES: readonly Rule[] = [
  rule(String.raw`\$a\$${SUFFIX}\.${ACTIVATION_SLOT}`, String.raw`#a\.${ACTIVATION_SLOT}`),
  rule(String.raw`\(\$t\$${SUFFIX}\|\|\$i\$${SUFFIX}\(\)\)`, String.raw`\(#t~\|\|~#i\(\)\)`),
  rule(String.raw`\$(\w)\$${SUFFIX}`, "#$1"),
  rule(`${escaped(STACK)}${SUFFIX}?`, `${escaped(STACK)}(?:@)?`),
  rule(`${escaped(NO_SLOT)}${SUFFIX}?`, `${escaped(NO_SLOT)}(?:@)?`),
  rule(escaped(RECORDING), escaped(RECORDING)),
  rule(String(SITE), String.raw`\d+`),
  rule(STRING, DOUBLE),
  rule(VARIABLE, "[^,()]+"),
  rule(RECEIVER, String.raw`[^\s(),]+`),
  rule(ANYTHING, String.raw`[^\n]*?`),
  // A printer leaves out values that nobody wants,
  rule(String.raw`,0(?=\))`, "(?:,~0)?"),
  rule("void 0", "(?:void 0|undefined)"),
  // ends a block's last statement,
  rule(String.raw`(?<=[)${SUFFIX}])\}$`, String.raw`;?~\}`),
  // and puts gaps between.
  rule("(void|if|try)(?=[({])", "$1~"),
  rule(String.raw`\}finally\{`, String.raw`\}~finally~\{~`),
  rule(String.raw`\)(?=\$)`, String.raw`\)~`),
  rule(";(?=.)", ";~"),
  rule(",", ",~"),
  rule(String.raw`\|\|`, String.raw`~\|\|~`),
  rule("&&", "~&&~"),
  rule("=", "~=~"),
  rule(String.raw`\+`, String.raw`~\+~`),
];

/** In objects with a function's name for a key, printed anew. */
const PRINTED_NAMES: readonly Rule[] = [
  rule(`"${STRING}":`, String.raw`(?:[\w$]+|${PRINTED_STRING}|\[${PRINTED_STRING}\]):~`),
  rule(`"${STRING}"`, PRINTED_STRING),
  rule(String.raw`\{`, String.raw`\{~`),
  rule(String.raw`\}`, String.raw`,?~\}`),
];

function rule(form: string, pattern: string): Rule {
  return [new RegExp(form, "y"), pattern];
}

function patternOf(texts: readonly string[], rules: readonly Rule[] = RULES): string {
  return alternation(texts.map((text) => fragments(text, rules)));
}

function fragments(text: string, rules: readonly Rule[]): Fragments {
  const found: string[] = [];
  for (let at = 0; at < text.length; ) {
    const match = firstMatch(text, at, rules);
    found.push(match?.pattern ?? escaped(text[at]!));
    at += match?.length ?? 1;
  }
  return found;
}

function firstMatch(
  text: string,
  at: number,
  rules: readonly Rule[],
): { pattern: string; length: number } | null {
  for (const [form, pattern] of rules) {
    form.lastIndex = at;
    const match = form.exec(text);
    if (match !== null) return { pattern: pattern.replace("$1", match[1] ?? ""), length: match[0].length };
  }
  return null;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

/** The text of the generated module. */
export function patternsModule(): string {
  const patterns = derivePatterns();
  const lines = Object.entries(CONTENTS).flatMap(([name, content]) => [
    ...(content === "" ? [] : [`/** ${content} */`]),
    `export const ${name} = ${JSON.stringify(patterns[name as keyof InsertionPatterns])};`,
  ]);
  return `${HEAD}${lines.join("\n")}\n`;
}

const HEAD = `// Browser compatible.
// Made by \`npm run build\` (\`scripts/derive_patterns.ts\`) of the texts in \`emit.ts\` and \`header.ts\`: change those.
// \`#t\` stands for the name \`$t$\` with a file's suffix, \`@\` for the suffix, and \`~\` for where a printer may leave a gap.

`;

/** Where it is, from the root. */
export const PATTERNS_FILE = "src/instrument/text/insertion_patterns.ts";

/** Writes the module, unless it is what it should be. */
export function writePatterns(): void {
  const file = fileURLToPath(new URL(`../${PATTERNS_FILE}`, import.meta.url));
  const text = patternsModule();
  if (text !== readFileSync(file, "utf8")) writeFileSync(file, text);
}
