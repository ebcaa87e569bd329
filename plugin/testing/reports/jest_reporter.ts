// `jest --reporters=default --reporters=tracemalloc/jest`
import { checkReportOptions, type ReportOptions } from "./budgets.ts";
import { closeExchange, openExchange, takeKept } from "./exchange.ts";
import { annotations, type FileReport, overBudget, reportFiles, summaryText } from "./file_report.ts";

const HELP = `Jest's code is instrumented by a transform, and measured by a setup file, in jest.config.js:
  transform: { "\\\\.[jt]sx?$": ["tracemalloc/jest-transform", { transformer: "babel-jest" }] },
  setupFilesAfterEnv: ["tracemalloc/testing/jest"],`;

/**
 * A reporter for Jest 29 and later: what each test file keeps after its last test, by line, that which keeps most first.
 * A file over its budget fails the run.
 */
export class TracemallocReporter {
  readonly #root: string;
  readonly #options: ReportOptions | undefined;
  readonly #folder: string;
  #over: FileReport[] = [];

  constructor({ rootDir }: { rootDir: string }, options?: ReportOptions) {
    this.#root = rootDir;
    this.#options = options;
    checkReportOptions(options, rootDir);
    // Before Jest starts its workers.
    this.#folder = openExchange();
  }

  onRunComplete(
    _contexts: unknown,
    { testResults }: { testResults: readonly { testFilePath: string }[] },
  ): void {
    const options = checkReportOptions(this.#options, this.#root);
    const kept = takeKept(this.#folder, () => false);
    closeExchange(this.#folder);
    const reports = reportFiles(kept, options);
    this.#over = overBudget(reports);
    const known = new Set(kept.map(({ file }) => file));
    const missing = testResults.map(({ testFilePath }) => testFilePath).filter((file) => !known.has(file));
    process.stderr.write(summaryText(reports, { ...options, root: this.#root, missing, help: HELP }));
    process.stdout.write(annotations(reports, this.#root));
  }

  /** Jest fails the run where a reporter has an error. */
  getLastError(): Error | undefined {
    if (this.#over.length === 0) return undefined;
    const files = this.#over.length === 1 ? "1 test file keeps" : `${this.#over.length} test files keep`;
    return new Error(`tracemalloc: ${files} more than its budget`);
  }
}

// Jest takes a reporter by its module's default export.
// biome-ignore lint/style/noDefaultExport: see above
export default TracemallocReporter;
