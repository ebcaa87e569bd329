// TypeScript 5.9 transpiles its own kind of code.
import { readFileSync } from "node:fs";
import ts from "typescript-js";
import type { Iteration } from "./program.ts";

export function prepare(): Iteration {
  const text = readFileSync(new URL("../../src/instrument/plan/planner.ts", import.meta.url), "utf8");
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  return () => ts.transpileModule(text, { compilerOptions }).outputText.length;
}
