import { test } from "node:test";
import { assertSurvivesSignals, RUNTIMES, TARGETS } from "../cli/signals.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

for (const runtime of RUNTIMES) {
  for (const target of TARGETS) {
    for (const gap of [0, 10, 50, 100]) {
      test(`${runtime}: two signals to the ${target}, ${gap} ms apart, leave the snapshot`, async () => {
        for (const signal of SIGNALS) await assertSurvivesSignals(runtime, target, { signal, gaps: [gap] });
      });
    }
  }
}
