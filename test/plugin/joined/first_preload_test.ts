import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { isFirstPreload } from "../../../plugin/joined/first_preload.ts";

const FILE = "file:///app/node_modules/tracemalloc/dist/plugin/register_node.js";

const cases: [expected: boolean, execArgv: string[], nodeOptions?: string][] = [
  [false, []],
  [true, ["--import", "tracemalloc/register"]],
  [true, ["--import=tracemalloc/register"]],
  [true, ["--require", "tracemalloc/register"]],
  [true, ["-r", "tracemalloc/register"]],
  [true, ["--require=tracemalloc/register"]],
  [true, ["--expose-gc", "--import", FILE, "--import", "tsx"]],
  [true, ["-r", "C:\\app\\node_modules\\tracemalloc\\dist\\plugin\\register_node.js"]],
  [true, ["--import", "./node_modules/tracemalloc/dist/plugin/register_node.js"]],
  [true, [], `--max-old-space-size=100 --import=${FILE}`],
  [true, [], `--import "${FILE}"`],
  [true, [], "--require /app/node_modules/tracemalloc/dist/plugin/require_register.cjs"],
  [true, [], `"--import" "C:\\\\a b\\\\plugin\\\\register_node.js"`],
  [true, ["--import", "tsx"], "--import tracemalloc/register"],
  [false, ["--import", "tracemalloc/register"], "--import tsx"],
  [false, ["--import", "tsx", "--import", "tracemalloc/register"]],
  // What is required comes first, wherever it stands.
  [false, ["--import", "tracemalloc/register", "-r", "./env.cjs"]],
  [true, ["--import", "tsx", "-r", "tracemalloc/register"]],
  [false, ["--import"]],
  [false, ["--import", "./tracemalloc/register"]],
  [false, ["--import", "tracemalloc/register_node.js"]],
  [false, ["--importer", "tracemalloc/register"]],
  [false, [], `--title="--import tracemalloc/register"`],
  [false, [], `"--import tracemalloc/register`],
  [false, ["--conditions", "tracemalloc/register"]],
];

for (const [expected, execArgv, nodeOptions] of cases) {
  const told = [...(nodeOptions === undefined ? [] : [`NODE_OPTIONS=${nodeOptions}`]), ...execArgv];
  test(`${expected ? "the preload comes first" : "it does not"}: ${told.join(" ") || "nothing"}`, () => {
    assertEquals(isFirstPreload({ execArgv, nodeOptions }), expected);
  });
}
