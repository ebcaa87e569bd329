import vm from "node:vm";
import { instrument } from "../../src/instrument/instrument.ts";
import { REGISTRY_KEY } from "../../src/track/calls/file_registry.ts";
import { shadowStack } from "../../src/track/calls/shadow_stack.ts";
import { PRELUDE } from "./prelude.ts";
import type { Program } from "./program.ts";

/** What can be seen of one run. */
export interface Run {
  /** How it ended: a value, or what it threw. */
  readonly end: string;
  readonly log: readonly string[];
}

const prelude = new vm.Script(PRELUDE, { filename: "prelude.js" });

/** Runs the text in a realm of its own, its promise jobs too. */
function run(text: string, { sourceType }: Program, registry: unknown): Run {
  // The microtasks of the context run at the end of the script, so that nothing is left over for later.
  const context = vm.createContext({}, { microtaskMode: "afterEvaluate" });
  const global = vm.runInContext("globalThis", context) as Record<PropertyKey, unknown>;
  if (registry !== null) Object.defineProperty(global, REGISTRY_KEY, { value: registry, configurable: true });
  prelude.runInContext(context);
  const { R: show, $LOG: log } = global as { R: (value: unknown) => string; $LOG: string[] };
  let end: string;
  try {
    // Line ends in front and behind, as Node's own wrapper has none, keep a comment from eating the bracket.
    const wrapped =
      sourceType === "script"
        ? text
        : `(function (exports, require, module) {${text}\n}).call({}, {}, {}, {})`;
    end = `value ${show(vm.runInContext(wrapped, context, { filename: "program.js" }))}`;
  } catch (error) {
    end = `throws ${show(error)}`;
  }
  return { end, log: [...log] };
}

/** What is wrong with the instrumented program, or null. */
export function compare(program: Program): string | null {
  const untouched = run(program.source, program, null);
  let code: string;
  try {
    const { source, sourceType } = program;
    // Half of them as for Jest's contexts. Scripts would share the variables.
    const inContext = sourceType !== "script" && source.length % 2 === 1;
    code = instrument(source, { filename: "program.js", sourceType, inContext }).code;
  } catch (error) {
    if (!(error instanceof SyntaxError)) return `instrument() threw ${String(error)}`;
    return untouched.end.startsWith("throws SyntaxError") ? null : `instrument(): ${error.message}`;
  }
  if (code.split("\n").length !== program.source.split("\n").length) return "the number of lines has changed";
  const difference = differing(untouched, run(code, program, null), "tracker absent");
  if (difference !== null) return `${difference}\n--- instrumented\n${code}`;
  const registry = (globalThis as Record<PropertyKey, unknown>)[REGISTRY_KEY];
  shadowStack[0] = 1;
  const tracked = run(code, program, registry);
  const depth = shadowStack[0];
  shadowStack[0] = 1;
  const wrong = differing(untouched, tracked, "tracker on") ?? wrongDepth(depth, tracked);
  return wrong === null ? null : `${wrong}\n--- instrumented\n${code}`;
}

/** A file that throws leaves its own frame behind: nothing can stand around a module's statements. */
function wrongDepth(depth: number, { end }: Run): string | null {
  if (depth === 1 || (depth === 2 && end.startsWith("throws"))) return null;
  return `the shadow stack's depth is ${depth} at the end, which ${end}`;
}

const OVERFLOW = "Maximum call stack size exceeded";

/** How far a program gets before its stack ends is a matter of the size of its frames, in the engine too. */
function overflows({ end, log }: Run): boolean {
  return end.includes(OVERFLOW) || log.some((line) => line.includes(OVERFLOW));
}

function differing(expected: Run, actual: Run, mode: string): string | null {
  if (overflows(expected) && overflows(actual)) return null;
  if (expected.end !== actual.end)
    return `${mode}: ended with\n  ${actual.end}\ninstead of\n  ${expected.end}`;
  const length = Math.max(expected.log.length, actual.log.length);
  for (let i = 0; i < length; i++) {
    if (expected.log[i] === actual.log[i]) continue;
    return `${mode}: effect ${i} is\n  ${actual.log[i]}\ninstead of\n  ${expected.log[i]}`;
  }
  return null;
}
