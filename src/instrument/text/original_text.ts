// Browser compatible.
import { exec } from "../../tables/primordials.ts";
import { append, SafeMap } from "../../tables/safe_collections.ts";
import * as Member from "../../vocabulary/tracker_members.ts";
import { ACTIVATION_SLOT, NO_SLOT, RECORDING, STACK } from "./globals.ts";
import { type Names, namesWith } from "./names_in_file.ts";

// `$t$`, `$s$`, … with the suffix of a file. No text of a file contains the names that its own insertions use.
const NAME = /\$[tsbdai]\$([a-z0-9]*_*)(?![\w$])/g;

const OwnRegExp = RegExp;
const { apply } = Reflect;
const { slice } = String.prototype;

/**
 * The original of an instrumented text: of a function, or of a whole file.
 *
 * The transform only inserts, and all that it inserts contains one of the file's own names (`emit.ts`), so that taking
 * these texts out gives the original back to the character. Bun prints anew what it loads, without comments and
 * redundant brackets: there the result is as Bun would have printed it, but for brackets, and does the same.
 *
 * @param text What `Function.prototype.toString` gives, or an instrumented file; other text comes back as it is.
 */
export function originalText(text: string): string {
  const suffixes = suffixesIn(text);
  for (let i = 0; i < suffixes.length; i++) {
    const { exact, reprinted, isReprinted } = patternsFor(suffixes[i]);
    const original = without(exec(isReprinted, text) === null ? exact : reprinted, text);
    if (original !== text) return original;
  }
  return text;
}

/** The suffixes of names in a text, longer ones first: a file that contains such names itself was given longer ones. */
export function suffixesIn(text: string): string[] {
  const found: string[] = [];
  NAME.lastIndex = 0;
  for (let match = exec(NAME, text); match !== null; match = exec(NAME, text)) {
    const suffix = match[1];
    let at = 0;
    while (at < found.length && found[at] !== suffix && found[at].length >= suffix.length) at++;
    if (found[at] === suffix) continue;
    append(found, suffix);
    for (let i = found.length - 1; i > at; i--) found[i] = found[i - 1];
    found[at] = suffix;
  }
  return found;
}

/** The text without what matches; brackets in the place of the pattern's groups. (`replace` would ask for the program's `exec`.) */
function without(pattern: RegExp, text: string): string {
  let rest = "";
  let end = 0;
  pattern.lastIndex = 0;
  for (let match = exec(pattern, text); match !== null; match = exec(pattern, text)) {
    rest += apply(slice, text, [end, match.index]) + (match[1] ? "(" : match[2] ? ")" : "");
    end = match.index + match[0].length;
  }
  return rest + apply(slice, text, [end]);
}

export interface Patterns {
  readonly exact: RegExp;
  readonly reprinted: RegExp;
  readonly isReprinted: RegExp;
}

const MOST_PATTERNS = 64;
const patterns = new SafeMap<string, Patterns>();

/** What the insertions of a file with this suffix look like. */
export function patternsFor(suffix: string): Patterns {
  let found = patterns.get(suffix);
  if (found === undefined) {
    if (patterns.size === MOST_PATTERNS) patterns.clear(); // scripts have a suffix each
    found = makePatterns(namesWith(suffix), suffix);
    patterns.set(suffix, found);
  }
  return found;
}

function escaped(name: string): string {
  let text = "";
  for (let i = 0; i < name.length; i++) text += name[i] === "$" ? "\\$" : name[i];
  return text;
}

/** The parts that the insertions are made of, as regular expressions. */
function partsOf(
  names: Names,
  suffix: string,
): Record<"T" | "M" | "S" | "B" | "D" | "A" | "I" | "V" | "tracker" | "slot" | "store", string> {
  const T = escaped(names.tracker);
  const M = escaped(names.mark);
  const B = escaped(names.base);
  const D = escaped(names.depth);
  const A = escaped(names.activation);
  const I = escaped(names.initialise);
  const V = escaped(names.discard);
  // Where the file evaluates text it has variables of its own.
  const maybe = `(?:${suffix})?`;
  const S = escaped(STACK) + maybe;
  const on = escaped(RECORDING);
  const noSlot = escaped(NO_SLOT) + maybe;
  const own = `${D}|${A}\\.${ACTIVATION_SLOT}`;
  const slot = `(?:${own}|${noSlot})`;
  const tracker = `(?:\\(${T} ?\\|\\| ?${I}\\(\\)\\)|${T})`;
  const plain = `${S}\\[(?:${own})\\] ?= ?${B} ?\\+ ?\\d+`;
  const take = `${D} ?\\|\\| ?\\(${D} ?= ?${S}\\[0\\],\\s*${S}\\[0\\] ?= ?${D} ?\\+ ?1(?:,\\s*0)?\\)`;
  const store = `(?:${on} ?&& ?\\(${take},\\s*${plain}(?:,\\s*0)?\\)|${plain})`;
  return { T, M, S, B, D, A, I, V, tracker, slot, store };
}

const STRING = `"(?:[^"\\\\]|\\\\.)*"`;
/** The same as Bun prints it, with the quotes that need the fewest escapes. */
const TEXT = `(?:${STRING}|'(?:[^'\\\\]|\\\\.)*'|\`(?:[^\`\\\\]|\\\\.)*\`)`;

const OBJECTS = Member.object + Member.maybeObject + Member.text;

function makePatterns(names: Names, suffix: string): Patterns {
  const { T, M, S, B, D, A, I, V, tracker, slot, store } = partsOf(names, suffix);
  const _ = "\\s*";
  // What holds however the text was printed. Longer forms stand before those that they begin with.
  const statements =
    `(?:${T} ?\\|\\| ?${I}\\(\\);${_})?let ${D} ?= ?0;${_}try ?\\{` +
    `|const ${A} ?= ?${tracker}\\.[${Member.enterAsync}${Member.enterGenerator}${Member.enterAsyncGenerator}]\\(\\d+\\);${_}try ?\\{` +
    `|\\}${_}finally ?\\{${_}if ?\\(${D}\\)${_}${S}\\[0\\] ?= ?${D};?${_}\\}` +
    `|\\}${_}finally ?\\{${_}${T}\\.(?:${Member.suspend}\\(0, ?${A}|${Member.leave}\\(${A})\\);?${_}\\}` +
    `|${T}\\.${Member.resume}\\(0, ?${A}, ?\\d+\\);${_}try ?\\{` +
    `|${T}\\.${Member.handle}\\(${A}\\);` +
    `|(?:var ${V} ?= ?void )?${tracker}\\.${Member.report}\\(\\d+,${_}[^,()]+,${_}${slot}\\);` +
    `|(?:if ?\\(${D}\\)${_})?${S}\\[0\\] ?= ?${D} ?\\+ ?1;` +
    `|var ${V} ?= ?void ?\\(${S}\\[0\\] ?= ?${D} ?\\+ ?1\\);`;
  const opens = (gap: string): string =>
    `${tracker}\\.[${OBJECTS}${Member.named}]\\(\\d+,${gap}` +
    `|${tracker}\\.${Member.replaceInstance}\\(new\\.target,${gap}` +
    `|${tracker}\\.[${Member.announce}${Member.settle}]\\(` +
    `|${T}\\.[${Member.first}${Member.suspend}${Member.resume}${Member.delegate}]\\(`;
  const closes =
    `,${_}${slot}\\)` +
    `|,${_}(?:this|void 0|undefined),${_}${T}\\)` +
    `|,${_}${T}(?:,${_}[^\\s(),]+)?\\)` +
    `|,${_}${store}\\)` +
    `|,${_}${A}(?:,${_}\\d+)?\\)` +
    `|,${_}${S}\\[0\\] ?= ?${D}\\)`;
  const exact =
    `;var ${V}=0&&\\(module\\.exports=\\{[^\\n]*\\}\\);` +
    `|var ${T},${B},(?:[$\\w]+,)*(?:${V}=void\\(|(?:${D}|${A})=\\()${T}\\|\\|${I}\\(\\)[^;\\n]*\\);` +
    `|(?:;var ${V}=void\\(${S}\\[0\\]=${D}\\)|;${T}\\.${Member.leave}\\(${A}\\))?;function ${I}\\(\\)\\{[^\\n]*?${T}=t;${B}=t\\.${Member.base};return t\\}` +
    `|;/\\*${B}\\*/` +
    `|/\\*${D}\\*/(?:${T}\\.${Member.suspend}\\(void 0,${A}\\)|void\\(${S}\\[0\\]=${D}\\))?` +
    `|;${store};` +
    `|\\{/\\*${M}\\*/` +
    `|return/\\*${M}\\*/ ` +
    `|/\\*${M}\\*/[)}]` +
    `|\\{(?:${STRING}|\\["__proto__"\\]):/\\*${I}\\*/` +
    `|/\\*${I}\\*/\\},${STRING}` +
    `|[({]/\\*${T}\\*/` +
    `|/\\*${T}\\*/[)}]` +
    `|\\(${store},` +
    `|\\(${tracker}\\.${Member.announce}\\(0,${T}\\),` +
    `|${statements}` +
    `|${opens("")}` +
    `|${closes}`;
  // Comments are gone, and with them the pairs of brackets. Calls of the tracker become brackets: of `x => $t$.o(1, {})`
  // nothing but a block would be left.
  const reprinted =
    ` ${T}\\.${Member.suspend}\\((?:void 0|undefined), ${A}\\)` +
    `| void \\(${S}\\[0\\] = ${D}\\)` +
    `|${tracker}\\.${Member.announce}\\(0, ${T}\\),${_}` +
    `|${statements}` +
    `|(${tracker}\\.${Member.named}\\(\\d+, \\{${_}(?:[\\w$]+|${TEXT}|\\[${TEXT}\\]): |${opens(_)})` +
    `|(,?${_}\\}, ${TEXT}, ${slot}\\)|${closes})` +
    `|${store},${_}` +
    `|${store};`;
  return {
    exact: new OwnRegExp(exact, "g"),
    reprinted: new OwnRegExp(reprinted, "g"),
    isReprinted: new OwnRegExp(
      `${B} \\+ \\d|, ${slot}\\)|, ${T}[,)]|(?:${D}|${A}) = |, ${A}(?:, \\d+)?\\)|${T}\\.[${OBJECTS}]\\(\\d+, `,
    ),
  };
}
