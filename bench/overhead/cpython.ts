// CPython's own tracemalloc on like work, where python3 is installed.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("cpython.py", import.meta.url));

/** Which of its programs is like which of ours. */
export const LIKE_WORK = { json: "json", ast: "acorn", trees: "trees" } as const;

/** Milliseconds per iteration by program, with so many frames (0: off); null where there is no python3. */
export function measureCPython(
  nframe: number,
  seconds: number,
): Record<keyof typeof LIKE_WORK, number> | null {
  const { stdout, status } = spawnSync("python3", [script, String(nframe), String(seconds)], {
    encoding: "utf8",
  });
  return status === 0 ? (JSON.parse(stdout) as Record<keyof typeof LIKE_WORK, number>) : null;
}
