import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { currentRuntime } from "../../src/host/capabilities.ts";
import { quotedOption, withOption } from "../../src/host/option_variable.ts";

/**
 * Has the processes of the same runtime that this one starts load the preload, by the variable in which the runtime
 * looks for options. Children that get an environment without it are not followed.
 *
 * @param preload The preload's URL, of a file.
 * @returns Takes it back.
 */
export function followChildren(preload: string): () => void {
  const [name, option] = optionFor(preload);
  const before = process.env[name];
  // The child of a child has it already.
  if (option === null || before?.includes(option)) return () => {};
  process.env[name] = withOption(before, option);
  return () => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  };
}

function optionFor(preload: string): [name: string, option: string | null] {
  const path = fileURLToPath(preload);
  if (currentRuntime() === "bun") return ["BUN_OPTIONS", quotedOption(`--preload=${path}`)];
  // Deno reads `--require` there and no other option, which takes CommonJS, and fails on what else Node takes. Not `--import`:
  // Node would load programs past the compilers that they require (ts-node).
  const commonJs = path.replace(/register_node\.([jt]s)$/, "require_register.c$1");
  return ["NODE_OPTIONS", existsSync(commonJs) ? `--require ${quotedOption(commonJs)}` : null];
}
