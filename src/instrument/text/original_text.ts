// Browser compatible.
import { exec } from "../../tables/primordials.ts";
import { append, SafeMap } from "../../tables/safe_collections.ts";
import * as Inserted from "./insertion_patterns.ts";

const OwnRegExp = RegExp;
// `$t$`, `$s$`, … with the suffix of a file. No text of a file contains the names that its own insertions use.
const NAME = new OwnRegExp(`${Inserted.name}([a-z0-9]*_*)(?![\\w$])`, "g");

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
    const { written, printed, left } = patternsFor(suffixes[i]);
    let original = without(written, text);
    // A printer puts blanks into every insertion that its result depends on, so that a name is left.
    if (exec(left, original) !== null) original = without(printed, text);
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
  /** In text that stands as it was written. */
  readonly written: RegExp;
  /** In text that was printed anew. Calls of the tracker become brackets: of `x => $t$.o(1, {})` nothing but a block would be left. */
  readonly printed: RegExp;
  /** A name of the file's. */
  readonly left: RegExp;
}

const MOST_PATTERNS = 64;
const patterns = new SafeMap<string, Patterns>();

/** What the insertions of a file with this suffix look like. */
export function patternsFor(suffix: string): Patterns {
  let found = patterns.get(suffix);
  if (found === undefined) {
    if (patterns.size === MOST_PATTERNS) patterns.clear(); // scripts have a suffix each
    found = makePatterns(suffix);
    patterns.set(suffix, found);
  }
  return found;
}

function makePatterns(suffix: string): Patterns {
  const pattern = (text: string, gap: string): RegExp => new OwnRegExp(withSuffix(text, suffix, gap), "g");
  return {
    written: pattern(`${Inserted.written}|${Inserted.whole}|${Inserted.opening}|${Inserted.closing}`, ""),
    printed: pattern(
      `${Inserted.printed}|${Inserted.whole}|(${Inserted.namedOpening}|${Inserted.opening})|(${Inserted.namedClosing}|${Inserted.closing})`,
      "\\s*",
    ),
    left: new OwnRegExp(`${Inserted.name}${suffix}(?![\\w$])|${Inserted.noSlot}`),
  };
}

/** A pattern of `insertion_patterns.ts` for the files that have a suffix. */
export function withSuffix(pattern: string, suffix: string, gap: string): string {
  let text = "";
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i];
    if (character === "#") text += `\\$${pattern[++i]}\\$${suffix}`;
    else text += character === "@" ? suffix : character === "~" ? gap : character;
  }
  return text;
}
