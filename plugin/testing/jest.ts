// `setupFilesAfterEnv: ["tracemalloc/testing/jest"]` in jest.config.js. Also for other runners with a global `expect`.
import { type MemoryMatchers, matchers } from "./matchers.ts";
// Not by `import()`: where a transform leaves that as it is, Jest has none in CommonJS.
import { sendKept } from "./reports/exchange.ts";
import { recordFile } from "./reports/record_file.ts";

declare global {
  namespace jest {
    // The parameters are those of the interface that it is merged with.
    interface Matchers<R, T = {}> extends MemoryMatchers {}
  }
}

interface Runner {
  expect?: { extend(matchers: object): void; getState?(): { testPath?: string } };
  afterAll?(hook: () => Promise<void>): void;
}

const { expect, afterAll } = globalThis as Runner;
if (expect === undefined) {
  throw new Error(
    "tracemalloc/testing/jest: there is no global expect here: list it under setupFilesAfterEnv, not setupFiles, " +
      "or call expect.extend(matchers) with matchers from tracemalloc/testing",
  );
}
expect.extend(matchers);
if (afterAll !== undefined)
  recordFile({
    afterAll,
    testFile: () => expect.getState?.().testPath,
    exchange: async () => ({ sendKept }),
  });
