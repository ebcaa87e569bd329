// Browser compatible.

// Control characters move the cursor, ring bells and start commands of the terminal; format characters (bidirectional
// overrides, zero-width signs, tags) make a name look like another one. U+00AD and U+200D stand in honest names, and
// are shown escaped all the same: a profiler's list is no typography.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/**
 * Text from outside (file names, type names, source lines) with everything that is not a visible character or a
 * space written out: `\x1b`, `\u202e`, `\u{e0001}`.
 */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0)!;
    const hex = code.toString(16);
    if (code <= 0xff) return NAMED[character] ?? `\\x${hex.padStart(2, "0")}`;
    return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`;
  });
}

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
