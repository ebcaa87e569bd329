// Runs what a README tells its readers to run.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root: string = fileURLToPath(new URL("../../", import.meta.url));

/** The texts of a Markdown file's fenced blocks of one language, in order. */
export function fencedBlocks(file: string, language: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/^```(\S+)[^\n]*\n(.*?)^```$/gms)]
    .filter(([, found]) => found === language)
    .map(([, , body]) => body!);
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a shell command as written, with this repository's runtimes first on the PATH. */
export function runCommand(command: string, cwd: string): Ended {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:TRACEMALLOC|NODE_OPTIONS|NODE_TEST|FORCE_COLOR)/.test(name),
  );
  const { status, stdout, stderr, error } = spawnSync("sh", ["-c", command], {
    cwd,
    encoding: "utf8",
    timeout: 100_000,
    env: {
      ...Object.fromEntries(inherited),
      NO_COLOR: "1",
      PATH: `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH}`,
    },
  });
  if (error !== undefined) throw error;
  return { code: status, stdout, stderr };
}
