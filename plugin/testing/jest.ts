// `setupFilesAfterEnv: ["tracemalloc/testing/jest"]` in jest.config.js. Also for other runners with a global `expect`.
import { type MemoryMatchers, matchers } from "./matchers.ts";

declare global {
  namespace jest {
    // The parameters are those of the interface that it is merged with.
    interface Matchers<R, T = {}> extends MemoryMatchers {}
  }
}

const { expect } = globalThis as { expect?: { extend(matchers: object): void } };
if (expect === undefined) {
  throw new Error(
    "tracemalloc/testing/jest: there is no global expect here: list it under setupFilesAfterEnv, not setupFiles, " +
      "or call expect.extend(matchers) with matchers from tracemalloc/testing",
  );
}
expect.extend(matchers);
