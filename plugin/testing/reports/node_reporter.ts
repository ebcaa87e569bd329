// `node --test --test-reporter=spec --test-reporter-destination=stdout --test-reporter=tracemalloc/node-test --test-reporter-destination=stdout`
import { join, resolve } from "node:path";
import { withOption } from "../../../src/host/option_variable.ts";
import { checkReportOptions } from "./budgets.ts";
import { closeExchange, openExchange, takeKept } from "./exchange.ts";
import { annotations, overBudget, reportFiles, summaryText } from "./file_report.ts";

/** The part of node:test's events that is used here. */
interface TestEvent {
  readonly type: string;
  readonly data?: { readonly file?: string; readonly entryFile?: string };
}

const HELP = "Code of tests is instrumented by the preload: node --import tracemalloc/register --test";

/** All files in one process: nobody could tell what each of them keeps. */
const hasProcesses: boolean = !/--(?:experimental-)?test-isolation[= ]none/.test(process.execArgv.join(" "));

const folder: string = hasProcesses ? prepare() : "";

/** Node starts a process for each test file, after its reporters have been loaded: these are traced, and write a snapshot at their end. */
function prepare(): string {
  checkReportOptions(undefined, process.cwd());
  const made = openExchange();
  process.env.TRACEMALLOC ||= "5";
  process.env.TRACEMALLOC_SAMPLING ||= "exact";
  process.env.TRACEMALLOC_OUT = join(made, "%p.pb.gz");
  const options = `${process.execArgv.join(" ")} ${process.env.NODE_OPTIONS ?? ""}`;
  if (!/tracemalloc[\\/]register|register_node\.[jt]s/.test(options)) {
    const register = new URL(`../../register_node${import.meta.url.slice(-3)}`, import.meta.url).href;
    process.env.NODE_OPTIONS = withOption(process.env.NODE_OPTIONS, `--import ${register}`);
  }
  return made;
}

/**
 * A reporter for node:test: what each test file keeps at its process's end, by line, that which keeps most first. A file
 * over its budget (`TRACEMALLOC_TEST_BUDGET`) fails the run.
 */
export async function* tracemallocReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string, void> {
  const root = process.cwd();
  const files = new Set<string>();
  for await (const { data } of events) {
    if (data?.entryFile !== undefined) files.add(resolve(data.entryFile));
    else if (data?.file !== undefined) files.add(resolve(data.file));
  }
  if (!hasProcesses) {
    yield "\nMemory kept by test files: not known, as all run in one process (--test-isolation=none)\n";
    return;
  }
  const options = checkReportOptions(undefined, root);
  const kept = takeKept(folder, () => true);
  closeExchange(folder);
  const ofTests = kept.filter(({ file }) => files.has(file));
  const reports = reportFiles(ofTests, options);
  const known = new Set(ofTests.map(({ file }) => file));
  const missing = [...files].filter((file) => !known.has(file));
  if (overBudget(reports).length > 0) process.exitCode = 1;
  yield summaryText(reports, { ...options, root, missing, help: HELP });
  yield annotations(reports, root);
}

// Node takes a reporter by its module's default export.
// biome-ignore lint/style/noDefaultExport: see above
export default tracemallocReporter;
