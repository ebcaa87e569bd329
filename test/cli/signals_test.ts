import { test } from "node:test";
import { assertSurvivesSignals, RUNTIMES, TARGETS } from "./signals.ts";

for (const runtime of RUNTIMES) {
  for (const target of TARGETS) {
    const name = `tracemalloc run --runtime ${runtime}: signals while the snapshot is written, to the ${target}, do not lose it`;
    // Bun would give up after five seconds on a busy machine.
    test(name, { timeout: 120_000 }, () =>
      assertSurvivesSignals(runtime, target, { signal: "SIGTERM", gaps: [0, 10, 50, 100] }),
    );
  }
}
