// Browser compatible.

import { host } from "../../host/host.ts";
import { exec } from "../../tables/primordials.ts";
import { setWhenWanted } from "./builtins.ts";

// Node loads `Response` and its like with all of its `fetch` when they are first read: 9 MB and 60 ms, and a property more on
// the global object. A program that uses them says so in its text.
const WORDS = /\b(?:fetch|Response|Request)\b/;

let isHeldBack = false;
let install: (() => void) | null = null;

/**
 * Leaves the built-ins that Node has not loaded yet alone until a text names them. For whoever sees every text that runs.
 *
 * @returns Takes it back.
 */
export function deferBuiltins(): () => void {
  const loaded = host.process?.moduleLoadList;
  if (!Array.isArray(loaded) || loaded.includes("NativeModule internal/deps/undici/undici")) return () => {};
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
  if (isHeldBack && exec(WORDS, text) !== null) letIn();
}

function letIn(): void {
  isHeldBack = false;
  setWhenWanted(null);
  const work = install;
  install = null;
  work?.();
}
