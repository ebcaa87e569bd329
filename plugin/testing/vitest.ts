// `setupFiles: ["tracemalloc/testing/vitest"]` in vitest.config.ts.
import { expect } from "vitest";
import { type MemoryMatchers, matchers } from "./matchers.ts";

declare module "vitest" {
  interface Matchers<T> extends MemoryMatchers {}
}

expect.extend(matchers as unknown as Parameters<typeof expect.extend>[0]);
