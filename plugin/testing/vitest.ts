// `setupFiles: ["tracemalloc/testing/vitest"]` in vitest.config.ts.
import { afterAll, expect } from "vitest";
import { type MemoryMatchers, matchers } from "./matchers.ts";
import { recordFile } from "./reports/record_file.ts";

declare module "vitest" {
  interface Matchers<T> extends MemoryMatchers {}
}

expect.extend(matchers as unknown as Parameters<typeof expect.extend>[0]);
recordFile({
  afterAll: (hook) => afterAll(hook),
  testFile: () => expect.getState().testPath,
  // Not in pages, where Vitest may run the setup file, too.
  exchange: () => import("./reports/exchange.ts"),
});
