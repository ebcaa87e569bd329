// Browser compatible.

import { host } from "../../host/host.ts";
import { exec } from "../../tables/primordials.ts";
import { setWhenWanted } from "./builtins.ts";

// Node loads `Response` and its like with all of its `fetch` when they are first read: 9 MB and 60 ms, and a property more on
// the global object. A program that uses them says so in its text.

const { apply } = Reflect;
const { charCodeAt, indexOf, slice } = String.prototype;
const NAMES = ["fetch", "Response", "Request"];
/** So much of a name is looked for: for more than six characters V8 takes another way, which is five times as slow in source texts. */
const PROBE = 6;
/** What stands before and after a name, as far as it is looked at. */
const BEFORE = 24;
const AFTER = 120;

// Most large programs have these words in comments and texts ("Response body is too large"), and for things of their own.
const IS_PART = /["'`/.]$|object $/;
const OF_GLOBAL = /\b(?:globalThis|global|self|window)\s*(?:\?\.|\.|\[\s*["'`])\s*$/;
const FROM_GLOBAL = /^[^{}]*\}\s*=\s*(?:globalThis|global|self|window)\b/;
const USED = /^\w+[ \t]*[.(,;)\]}?|&=]/;
const LAST_IN_LINE = /^fetch[ \t]*$/m;
const MADE = /\b(?:new|extends)\s+$/;
/** The name is the file's own. */
const DECLARED = /\b(?:const|let|var|class|function|import)\s+\{?\s*$/;
const LOADED = "NativeModule internal/deps/undici/undici";

let isHeldBack = false;
let install: (() => void) | null = null;
/** What Node has loaded of its own, as far as it was looked through. */
let seen = 0;

/**
 * Leaves the built-ins that Node has not loaded yet alone until a text names them. For whoever sees every text that runs.
 *
 * @returns Takes it back.
 */
export function deferBuiltins(): () => void {
  seen = 0;
  if (!Array.isArray(host.process?.moduleLoadList) || isLoaded()) return () => {};
  isHeldBack = true;
  setWhenWanted((work) => {
    install = work;
    return () => {
      install = null;
    };
  });
  return letIn;
}

/** Looks through a text that is about to run. */
export function noteText(text: string): void {
  if (isHeldBack && (isLoaded() || usesThem(text))) letIn();
}

function isLoaded(): boolean {
  const list = host.process!.moduleLoadList as readonly string[];
  while (seen < list.length) if (list[seen++] === LOADED) return true;
  return false;
}

function usesThem(text: string): boolean {
  for (let i = 0; i < NAMES.length; i++) if (uses(text, NAMES[i])) return true;
  return false;
}

function uses(text: string, name: string): boolean {
  let isUsed = false;
  const probe = apply(slice, name, [0, PROBE]) as string;
  let at = apply(indexOf, text, [probe]) as number;
  for (; at !== -1; at = apply(indexOf, text, [probe, at + 1]) as number) {
    // As webpack's `RequestShortener`. Most are found here, before anything is cut out.
    if (isPartOfName(text, at - 1) || isPartOfName(text, at + name.length)) continue;
    if (apply(slice, text, [at, at + name.length]) !== name) continue;
    const before = apply(slice, text, [at < BEFORE ? 0 : at - BEFORE, at]) as string;
    const after = apply(slice, text, [at, at + AFTER]) as string;
    if (exec(OF_GLOBAL, before) !== null || exec(FROM_GLOBAL, after) !== null) return true;
    if (exec(DECLARED, before) !== null) return false;
    if (isUsed || exec(IS_PART, before) !== null) continue;
    isUsed = exec(USED, after) !== null || exec(LAST_IN_LINE, after) !== null || exec(MADE, before) !== null;
  }
  return isUsed;
}

/** Of ASCII: a digit, a letter, `_` or `$`. */
function isPartOfName(text: string, at: number): boolean {
  const code = apply(charCodeAt, text, [at]) as number;
  if (code < 58) return code >= 48 || code === 36;
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

function letIn(): void {
  isHeldBack = false;
  setWhenWanted(null);
  const work = install;
  install = null;
  work?.();
}
