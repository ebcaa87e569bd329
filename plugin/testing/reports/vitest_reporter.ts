// `vitest --reporter=default --reporter=tracemalloc/vitest`
import { checkReportOptions, type ReportOptions } from "./budgets.ts";
import { closeExchange, openExchange, takeKept } from "./exchange.ts";
import { annotations, overBudget, reportFiles, summaryText } from "./file_report.ts";

/** The parts of Vitest that are used here. */
interface Vitest {
  readonly config: { readonly root: string };
  onClose(callback: () => void): void;
}

const HELP = `Vitest's code is instrumented by a plugin, and measured by a setup file, in vitest.config.ts:
  import { tracemalloc } from "tracemalloc/unplugin/vite";
  export default { plugins: [tracemalloc()], test: { setupFiles: ["tracemalloc/testing/vitest"] } };`;

/**
 * A reporter for Vitest 3 and later: what each test file keeps after its last test, by line, that which keeps most first.
 * A file over its budget fails the run.
 */
export class TracemallocReporter {
  readonly #options: ReportOptions | undefined;
  readonly #write: (text: string) => void;
  #folder = "";
  #root = "";

  constructor(options?: ReportOptions, write: (text: string) => void = (text) => process.stdout.write(text)) {
    this.#options = options;
    this.#write = write;
    checkReportOptions(options, process.cwd());
  }

  onInit(vitest: Vitest): void {
    this.#root = vitest.config.root;
    this.#folder = openExchange();
    vitest.onClose(() => closeExchange(this.#folder));
  }

  onTestRunEnd(modules: readonly { moduleId: string }[] = []): void {
    const options = checkReportOptions(this.#options, this.#root);
    const kept = takeKept(this.#folder, () => false);
    const reports = reportFiles(kept, options);
    const known = new Set(kept.map(({ file }) => file));
    const missing = modules.map(({ moduleId }) => moduleId).filter((file) => !known.has(file));
    this.#write(summaryText(reports, { ...options, root: this.#root, missing, help: HELP }));
    this.#write(annotations(reports, this.#root));
    if (overBudget(reports).length > 0) process.exitCode = 1;
  }
}

// Vitest takes a reporter by its module's default export.
// biome-ignore lint/style/noDefaultExport: see above
export default TracemallocReporter;
