import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { terminalProcess } from "../../../src/report/terminal/terminal_process.ts";
import type { ProcessReport } from "../../../src/report/views/process_memory.ts";
import { PLAIN } from "../fixtures.ts";

const MIB = 2 ** 20;
const REPORT: ProcessReport = {
  ...{ processes: 1, rss: 300 * MIB, peakRss: 310 * MIB, heapUsed: 50 * MIB, heapTotal: 60 * MIB },
  ...{ heapLimit: 4096 * MIB, external: 40 * MIB, memoryLimit: 512 * MIB, tracker: 2 * MIB },
  ...{ traced: { heap: 20 * MIB, external: 30 * MIB }, other: 200 * MIB, growth: null, remarks: [] },
};

test("the whole process is four rows, with limits and what has a line, and what stands out", () => {
  assertEquals(terminalProcess({ ...REPORT, remarks: ["RSS grows"] }, PLAIN), [
    "",
    "The whole process",
    "  RSS                300 MiB  at most 310 MiB; the system's limit is 512 MiB",
    "  heap              50.0 MiB  60.0 MiB with what is free in it; V8's limit is 4096 MiB; 20.0 MiB have a line (40 %); the tracker's own: 2048 KiB",
    "  external          40.0 MiB  30.0 MiB have a line (75 %)",
    "  not JavaScript's   200 MiB  native code and data, stacks, what allocators keep",
    "  RSS grows",
  ]);
});

test("estimates of more than there is are all of it, and what is not known is left out", () => {
  const odd = {
    ...REPORT,
    peakRss: null,
    heapLimit: null,
    memoryLimit: null,
    traced: { heap: 80 * MIB, external: 0 },
    external: 0,
    processes: 3,
  };
  const [, , rss, heap, external] = terminalProcess(odd, PLAIN);
  assertEquals(
    [rss, heap, external],
    [
      "  RSS                300 MiB  of 3 processes and workers",
      "  heap              50.0 MiB  60.0 MiB with what is free in it; 80.0 MiB have a line (100 %); the tracker's own: 2048 KiB",
      "  external               0 B",
    ],
  );
  assertEquals(terminalProcess(null, PLAIN), []);
});
