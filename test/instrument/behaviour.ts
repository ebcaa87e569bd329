import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { start, stop } from "../../mod.ts";
import { instrument } from "../../src/instrument/instrument.ts";
import { REGISTRY_KEY } from "../../src/track/calls/file_registry.ts";
import { shadowStack } from "../../src/track/calls/shadow_stack.ts";

/** A program whose behaviour must not change. It tells what it sees by `log(value)`. */
export interface Behaviour {
  readonly name: string;
  readonly source: string;
  /** Default `"script"`. */
  readonly sourceType?: "script" | "commonjs" | "module";
  /** It must not parse, before and after. */
  readonly mayFail?: boolean;
  /** Syntax that not every engine has: where the untouched text does not parse, there is nothing to compare. */
  readonly isNew?: boolean;
  /** What it shows, untouched; several where engines differ, none where it must not parse. */
  readonly expected?: readonly Outcome[];
  /** The source is instrumented already: Babel's output. */
  readonly isInstrumented?: boolean;
}

/** What a run showed, in order, and how it ended. */
export type Outcome = readonly string[];

type Mode = "untouched" | "tracker absent" | "tracker on";

function show(value: unknown): string {
  if (typeof value === "function") return `function ${value.name}/${value.length}`;
  if (value instanceof Promise) return "promise";
  if (typeof value !== "object" || value === null)
    return typeof value === "string" ? JSON.stringify(value) : String(value);
  if (typeof (value as Error).stack === "string")
    return `${(value as Error).name}: ${(value as Error).message}`;
  if (Array.isArray(value)) return `[${Array.from(value, show).join()}]`;
  return `{${Object.keys(value).map((key) => `${key}:${show((value as Record<string, unknown>)[key])}`)}}`;
}

/** Runs the program in one mode. */
export async function outcome(behaviour: Behaviour, mode: Mode): Promise<Outcome> {
  const { source, sourceType = "script", isInstrumented = false } = behaviour;
  const seen: string[] = [];
  const log = (value: unknown): unknown => {
    seen.push(show(value));
    return value;
  };
  const text =
    mode === "untouched" || isInstrumented
      ? source
      : instrument(source, { filename: `case.${sourceType}.js`, sourceType }).code;
  try {
    const value =
      sourceType === "module" ? await runModule(text, mode, log) : runScript(text, sourceType, mode, log);
    seen.push(`value ${show(value)}`);
  } catch (error) {
    seen.push(`throws ${(error as Error)?.name}`);
  }
  for (let i = 0; i < 20; i++) await null; // jobs of the program's promises
  return seen;
}

function runScript(text: string, sourceType: "script" | "commonjs", mode: Mode, log: unknown): unknown {
  const sandbox: Record<PropertyKey, unknown> = { log };
  const context = vm.createContext(sandbox);
  if (mode === "tracker on") expose(vm.runInContext("globalThis", context) as object);
  if (sourceType === "script") return vm.runInContext(text, context, { filename: "case.js" });
  const wrapped = `(function (exports, require, module) {${text}\n})`;
  const module = { exports: {} };
  (vm.runInContext(wrapped, context, { filename: "case.js" }) as Function).call(
    module.exports,
    module.exports,
    null,
    module,
  );
  return module.exports;
}

function expose(global: object): void {
  Object.defineProperty(global, REGISTRY_KEY, {
    value: (globalThis as Record<PropertyKey, unknown>)[REGISTRY_KEY],
    configurable: true,
  });
}

async function runModule(text: string, mode: Mode, log: unknown): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), "behaviour-"));
  const global = globalThis as Record<PropertyKey, unknown>;
  const registry = Object.getOwnPropertyDescriptor(global, REGISTRY_KEY)!;
  if (mode === "tracker absent") delete global[REGISTRY_KEY];
  global.log = log;
  try {
    writeFileSync(join(folder, "case.mjs"), text);
    return { ...((await import(pathToFileURL(join(folder, "case.mjs")).href)) as object) };
  } finally {
    Object.defineProperty(global, REGISTRY_KEY, registry);
    delete global.log;
    rmSync(folder, { recursive: true });
  }
}

/** Runs the program in the three modes; gives what each showed, and the depth of the shadow stack in the end. */
export async function runThreeWays(
  behaviour: Behaviour,
): Promise<{ untouched: Outcome; absent: Outcome; tracked: Outcome; depth: number }> {
  const untouched = await outcome(behaviour, "untouched");
  const absent = await outcome(behaviour, "tracker absent");
  start(25);
  shadowStack[0] = 1;
  const tracked = await outcome(behaviour, "tracker on");
  stop();
  return { untouched, absent, tracked, depth: shadowStack[0] };
}
