// Browser compatible.

import { host } from "../../host/host.ts";
import { exec } from "../../tables/primordials.ts";
import { setWhenWanted } from "./builtins.ts";

// Node loads `Response` and its like with all of its `fetch` when they are first read: 9 MB and 60 ms, and a property more on
// the global object. A program that uses them says so in its text.

/** Where code uses them; not in words of comments and texts ("Response body is too large"), which most large programs have. */
const USES =
  /\bfetch\b(?=[ \t]*(?:[.(,;)\]}?|&=]|$))|(?<!["'`/.\w$]|object )\b(?:Response|Request)\b(?=[ \t]*[.(,;)\]}?|&=])|\bnew\s+(?:Response|Request)\b|\b(?:globalThis|global|self|window)\s*(?:\?\.|\.|\[\s*["'`])\s*(?:fetch|Response|Request)\b|\{[^{}]*\b(?:fetch|Response|Request)\b[^{}]*\}\s*=\s*(?:globalThis|global|self|window)\b/gm;
/** A name that is the file's own. */
const OWN = /\b(?:const|let|var|class|function|import)\s+\{?\s*(?<name>fetch|Response|Request)\b/g;
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
  const own = { __proto__: null } as unknown as Record<string, boolean>;
  OWN.lastIndex = USES.lastIndex = 0;
  if (exec(USES, text) === null) return false;
  for (let found = exec(OWN, text); found !== null; found = exec(OWN, text)) own[found[1]!] = true;
  USES.lastIndex = 0;
  for (let found = exec(USES, text); found !== null; found = exec(USES, text)) {
    const name = exec(NAME, found[0])![0];
    if (own[name] !== true) return true;
  }
  return false;
}

const NAME = /fetch|Response|Request/;

function letIn(): void {
  isHeldBack = false;
  setWhenWanted(null);
  const work = install;
  install = null;
  work?.();
}
