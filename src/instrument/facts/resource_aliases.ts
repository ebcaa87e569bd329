import { RESOURCE_NAMES } from "../../sites/resource_names.ts";

const names = RESOURCE_NAMES.join("|");
const NAME = String.raw`([\p{ID_Start}$_][\p{ID_Continue}$]*)`;
const MODULES = /\b(?:timers|events|promisify)\b/;
/** `import { setTimeout as sleep }`, `const { setTimeout: sleep } = require(…)`. */
const RENAMED = new RegExp(
  // From the rare sign back, which takes a fifth of the time that the names themselves would.
  String.raw`(?:(?<=\b(?:${names})\s*):\s*|(?<=\b(?:${names})\s+)as\s+)${NAME}`,
  "gu",
);
/** `const sleep = promisify(setTimeout)`. */
const PROMISIFIED = new RegExp(String.raw`${NAME}\s*=\s*(?:[\w$]+\.)?$`, "u");
const PROMISIFY = /promisify\)?\(\s*set(?:Timeout|Immediate)\b/g;
/** A name in front of that, with what stands between. Over all of a text, a search for names would take as long as a fifth of parsing it. */
const BEFORE = 200;

/** The names that a text gives to functions that ask for timers and listeners. (A name too many costs a few stores.) */
export function resourceAliases(source: string): ReadonlySet<string> {
  const aliases = new Set<string>();
  if (!MODULES.test(source)) return aliases;
  let end = -1;
  for (const { 0: text, 1: name, index } of source.matchAll(RENAMED)) {
    // `wait: on: x` renames once.
    if (end !== -1 && source.slice(end, index).trim() === "") continue;
    aliases.add(name!);
    end = index + text.length;
  }
  for (const { index } of source.matchAll(PROMISIFY)) {
    const name = PROMISIFIED.exec(source.slice(Math.max(0, index - BEFORE), index))?.[1];
    if (name !== undefined) aliases.add(name);
  }
  return aliases;
}
