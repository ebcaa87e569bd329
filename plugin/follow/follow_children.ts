import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { currentRuntime } from "../../src/host/capabilities.ts";
import { quotedOption, withOption, withoutOption } from "../../src/host/option_variable.ts";

/**
 * Has the processes of the same runtime that this one starts load the preload, by the variable in which the runtime
 * looks for options. Children that get an environment without it are not followed.
 *
 * @param preload The preload's URL, of a file.
 * @returns Takes it back.
 */
export function followChildren(preload: string): () => void {
  const [name, option] = optionFor(preload);
  if (option === null) return () => {};
  const undo = currentRuntime() === "deno" ? leaveClusterAlone(name, option) : () => {};
  const before = process.env[name];
  // The child of a child has it already.
  if (before?.includes(option)) return undo;
  process.env[name] = withOption(before, option);
  return () => {
    undo();
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  };
}

/** Deno 2.9 runs whatever `--require` names in a process of `node:cluster`, and then waits for ever before the program. */
function leaveClusterAlone(name: string, option: string): () => void {
  const cluster = process.getBuiltinModule("node:cluster");
  const { fork } = cluster;
  const untraced: typeof fork = function (this: typeof cluster, env) {
    const value = { ...process.env, ...env }[name];
    return fork.call(this, { ...env, [name]: withoutOption(value, option) });
  };
  cluster.fork = untraced;
  return () => {
    if (cluster.fork === untraced) cluster.fork = fork;
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
