// Browser compatible.
// In the process that runs a test file: traces from before the file is loaded until its last test has ended.
import { collect, isTracing, start, stop, takeSnapshot } from "../../../mod.ts";
import { registeredFiles } from "../../../src/tracing.ts";

/** The reporter's folder; processes that run tests inherit it. */
export const FOLDER_VARIABLE = "TRACEMALLOC_TEST_REPORT";

/** Exact, so that budgets hold on every run; a few frames for the line that called. */
const SESSION = { nframe: 5, sampling: "exact" } as const;

/** What is needed of a test runner. */
export interface FileHooks {
  /** Runs after all tests of the file, and all other hooks. */
  afterAll(hook: () => Promise<void>): void;
  /** The test file's path. */
  testFile(): string | undefined;
  /** `exchange.ts`, which pages cannot load. */
  exchange(): Promise<Pick<typeof import("./exchange.ts"), "sendKept">>;
}

/** Does nothing where no reporter of this package listens. */
export function recordFile({ afterAll, testFile, exchange }: FileHooks): void {
  const folder = (globalThis as { process?: NodeJS.Process }).process?.env?.[FOLDER_VARIABLE];
  if (folder === undefined || folder === "") return;
  // A trace of the user's own stays as it is.
  const isOurs = !isTracing();
  // What is not instrumented the summary says.
  (globalThis as Record<symbol, unknown>)[Symbol.for("tracemalloc.registered")] ??= true;
  if (isOurs) start(SESSION);
  afterAll(async () => {
    const file = testFile();
    if (file === undefined || !isTracing()) return;
    await collect();
    const snapshot = takeSnapshot();
    snapshot.metadata.files = registeredFiles();
    const { sendKept } = await exchange();
    sendKept(folder, file, snapshot);
    if (isOurs) stop();
  });
}
