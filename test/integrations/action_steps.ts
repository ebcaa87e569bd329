// Runs the steps of action.yml as GitHub's runner does: its expressions, its files, its bash; the cache is a Map.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { parse } from "yaml";
import { root } from "../hosts/host.ts";

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
  readonly shell?: string;
  readonly "working-directory"?: string;
}

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export const action = parse(readFileSync(join(root, "action.yml"), "utf8")) as Action;

/** What GitHub tells a job. */
export interface Job {
  readonly event_name: "push" | "pull_request";
  readonly ref_name: string;
  /** Empty, unless it is a pull request. */
  readonly base_ref: string;
  readonly run_id: string;
}

export interface JobEnd {
  readonly ok: boolean;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** All that the steps have printed. */
  readonly log: string;
}

type Values = Readonly<Record<string, unknown>>;

/**
 * Runs the action in a workspace.
 *
 * @param cache What caches hold by key, the oldest first; the folder's file is what is kept.
 */
export function runAction(
  workspace: string,
  { job, inputs, cache }: { job: Job; inputs: Readonly<Record<string, string>>; cache: Map<string, Buffer> },
): JobEnd {
  const github = { ...job, run_attempt: "1", event: { repository: { default_branch: "main" } } };
  const steps: Record<string, { outcome: string; outputs: Record<string, string> }> = {};
  const values = {
    github,
    runner: { os: "Linux", arch: "X64" },
    steps,
    inputs: {} as Record<string, string>,
  };
  for (const [name, input] of Object.entries(action.inputs))
    values.inputs[name] = inputs[name] ?? filledIn(String(input.default), values);
  const [summary, output] = ["summary.md", "output.txt"].map((name) => join(workspace, "..", name)) as [
    string,
    string,
  ];
  writeFileSync(summary, "");
  let log = "";
  let hasFailed = false;
  for (const step of action.runs.steps) {
    const condition = step.if ?? "success()";
    const isWanted = evaluated(
      /(?:always|success|failure)\(\)/.test(condition) ? condition : `success() && (${condition})`,
      values,
      !hasFailed,
    );
    if (!isWanted) {
      if (step.id !== undefined) steps[step.id] = { outcome: "skipped", outputs: {} };
      continue;
    }
    let outcome = "success";
    writeFileSync(output, "");
    if (step.uses !== undefined) useCache(step, values, { cache, workspace });
    else {
      const filled = Object.entries(step.env ?? {}).map(([name, text]) => [name, filledIn(text, values)]);
      const ended = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run!], {
        cwd: join(workspace, filledIn(step["working-directory"] ?? ".", values)),
        env: {
          ...environment(),
          ...Object.fromEntries(filled),
          GITHUB_STEP_SUMMARY: summary,
          GITHUB_OUTPUT: output,
          GITHUB_WORKSPACE: workspace,
        },
        encoding: "utf8",
      });
      log += ended.stdout + ended.stderr;
      if (ended.status !== 0) outcome = "failure";
    }
    if (outcome === "failure") hasFailed = true;
    const lines = readFileSync(output, "utf8")
      .split("\n")
      .filter((line) => line !== "");
    const outputs = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
    if (step.id !== undefined) steps[step.id] = { outcome, outputs };
  }
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [name, filledIn(value, values)]);
  return {
    ok: !hasFailed,
    outputs: Object.fromEntries(outputs),
    summary: readFileSync(summary, "utf8"),
    log,
  };
}

/** `actions/cache/restore` and `/save`: a key's own cache, else the newest whose key begins so. */
function useCache(
  step: Step,
  values: Values,
  { cache, workspace }: { cache: Map<string, Buffer>; workspace: string },
): void {
  const given = (name: string): string => filledIn(step.with![name]!, values);
  const path = join(workspace, given("path"));
  const key = given("key");
  if (step.uses!.startsWith("actions/cache/save@")) {
    if (!cache.has(key)) cache.set(key, readFileSync(path));
    return;
  }
  if (!step.uses!.startsWith("actions/cache/restore@")) throw new Error(`unknown: uses ${step.uses}`);
  const found = cache.has(key)
    ? key
    : [...cache.keys()].findLast((one) => one.startsWith(given("restore-keys")));
  if (found === undefined) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, cache.get(found)!);
}

function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS, NODE_TEST_CONTEXT, FORCE_COLOR, ...inherited } = process.env;
  const PATH = `${join(root, "node_modules", ".bin")}${delimiter}${inherited.PATH}`;
  return { ...inherited, PATH, GITHUB_ACTIONS: "true", CI: "true" };
}

/** A text with its `${{ }}` filled in. */
function filledIn(text: string, values: Values): string {
  return text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) =>
    String(evaluated(expression, values, true) ?? ""),
  );
}

/** An expression of workflows: names with dots, texts, `==`, `!=`, `&&`, `||`, and whether all went well so far. */
function evaluated(expression: string, values: Values, isOk: boolean): unknown {
  const words = expression.match(/'[^']*'|[\w-]+(?:\.[\w-]+)*(?:\(\))?|[!=]=|&&|\|\||[()]/g) ?? [];
  let at = 0;
  const either = (): unknown => {
    let left = both();
    while (words[at] === "||") {
      at++;
      const right = both();
      left = left || right;
    }
    return left;
  };
  const both = (): unknown => {
    let left = compared();
    while (words[at] === "&&") {
      at++;
      const right = compared();
      left = left && right;
    }
    return left;
  };
  const compared = (): unknown => {
    const left = value();
    if (words[at] !== "==" && words[at] !== "!=") return left;
    const isEqual = words[at++] === "==";
    return (left === value()) === isEqual;
  };
  const value = (): unknown => {
    const word = words[at++];
    if (word === undefined) throw new Error(`cannot read ${expression}`);
    if (word === "(") {
      const inner = either();
      at++;
      return inner;
    }
    if (word === "always()") return true;
    if (word === "success()") return isOk;
    if (word.startsWith("'")) return word.slice(1, -1);
    return word.split(".").reduce<unknown>((found, name) => (found as Values | undefined)?.[name], values);
  };
  const found = either();
  if (at !== words.length) throw new Error(`cannot read ${expression}`);
  return found;
}
