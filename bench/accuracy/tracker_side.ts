// The tracker's answer: run under `--import plugin/register_node.ts`, with the workload's path as argument.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { DomainFilter, takeSnapshot } from "../../mod.ts";
import { settleBlocks } from "../../src/tracing.ts";
import { functionKey, report } from "./side.ts";

const { run } = (await import(pathToFileURL(resolve(process.argv[2])).href)) as { run(): unknown };
const kept = await run();
// Without what others made for the objects, which V8's side leaves out, too.
await settleBlocks();

const functions: Record<string, number> = {};
for (const { size, traceback } of takeSnapshot()
  .filterTraces([new DomainFilter(true, 0)])
  .statistics("function")) {
  const frame = traceback.at(-1)!;
  functions[functionKey(frame.filename, frame.lineno, frame.functionName)] = size;
}
report({ functions, elsewhere: 0, sources: {} });
(globalThis as { kept?: unknown }).kept = kept;
