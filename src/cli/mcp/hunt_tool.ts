import { spawn } from "node:child_process";
import { join, relative } from "node:path";
import { InputError } from "../cli_error.ts";
import { fromSource, packageRoot } from "../package_root.ts";
import { RUNTIMES } from "../runtimes.ts";
import { choice, fileName, flag, number, patterns } from "./parameters.ts";
import { type Tool, tool } from "./tool.ts";

const SCRIPT = /\.[cm]?[jt]sx?$/;
/** What it prints is a page of text; the rest is a program that has gone wrong. */
const MAX_OUTPUT = 2 ** 20;
/** Of what it says on the way. */
const LAST_WORDS = 2000;

/** `tracemalloc hunt`: the one tool that starts a program, in a process of its own. */
export const HUNT: Tool = tool(
  {
    name: "hunt",
    title: "Does it leak?",
    description:
      "Starts a script of the project under the tracker, drives it in rounds (requests to a server, or calls of its default export), and says whether it leaks, " +
      "which lines do, and who holds their objects. Takes from ten seconds to minutes; snapshots of the rounds and a report stay in tracemalloc-hunt-<script>/.",
    writes: true,
  },
  {
    script: fileName("The script that is started: a server, or a module whose default export is called"),
    url: patterns(
      "A server: what to ask it for, on this machine, such as http://127.0.0.1:3000/items/{n} ({n}: the request's number), with a method if it is not GET",
    ),
    args: patterns("The script's own arguments"),
    runtime: choice("What runs it", ["default", ...RUNTIMES], "default"),
    requests: number("Requests or calls of a round", { least: 1, most: 10_000, fallback: 200 }),
    rounds: number("Rounds", { least: 3, most: 20, fallback: 5 }),
    exact: flag("One exact run, in the place of a quick one and an exact one"),
  },
  ({ script, url, args, runtime, requests, rounds, exact }, { reader, signal }) => {
    const { folder } = reader;
    const path = folder.file(script);
    if (!SCRIPT.test(path)) throw new InputError(`${script} is no script: it takes JavaScript or TypeScript`);
    const words = [
      ...["hunt", `./${relative(folder.path, path)}`, "--quiet"],
      ...url.map((one) => `--url=${one}`),
      ...(runtime === "default" ? [] : [`--runtime=${runtime}`]),
      ...[`--requests=${requests}`, `--rounds=${rounds}`, ...(exact ? ["--exact"] : [])],
      ...["--", ...args],
    ];
    return answerOf(words, folder.path, signal);
  },
);

/** What this program prints when it is called with these words. */
function answerOf(words: readonly string[], cwd: string, signal: AbortSignal): Promise<string[]> {
  const main = fromSource
    ? join(packageRoot, "src", "cli", "main.ts")
    : join(packageRoot, "dist", "src", "cli", "main.js");
  const start = process.versions.deno === undefined ? [main] : ["run", "--allow-all", main];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...start, ...words], { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (stdout.length < MAX_OUTPUT) stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-LAST_WORDS);
    });
    // It ends the program that it has started, and then itself.
    const stop = (): void => void child.kill("SIGINT");
    signal.addEventListener("abort", stop, { once: true });
    child.once("error", reject);
    child.once("close", () => {
      signal.removeEventListener("abort", stop);
      if (stdout.trim() !== "") resolve(`${stdout}${stderr}`.trimEnd().split("\n"));
      else reject(new InputError(stderr.trim() || "hunt said nothing"));
    });
  });
}
