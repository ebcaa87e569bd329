// What is asked of V8 for the time of tracing.
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { start, stop } from "../../mod.ts";
import { stop as stopInPage } from "../../src/browser.ts";

const { process } = globalThis as unknown as {
  process: {
    getBuiltinModule: (id: string) => unknown;
    execArgv: string[];
    env: Record<string, string | undefined>;
  };
};

/** The flags that are set while `work` runs. */
function flagsSetBy(work: () => void): string[] {
  const flags: string[] = [];
  const original = process.getBuiltinModule;
  process.getBuiltinModule = (id) =>
    id === "node:v8"
      ? { setFlagsFromString: (flag: string) => flags.push(flag) }
      : original.call(process, id);
  try {
    work();
  } finally {
    process.getBuiltinModule = original;
  }
  return flags;
}

test("objects are allocated young while tracing, and as V8 likes afterwards", () => {
  assertEquals(
    flagsSetBy(() => {
      start();
      start(); // does nothing
      stop();
      stop();
    }),
    ["--no-allocation-site-pretenuring", "--allocation-site-pretenuring"],
  );
});

test("V8 has its way again, too, where tracemalloc/browser stops what tracemalloc has started", () => {
  assertEquals(
    flagsSetBy(() => {
      start();
      stopInPage();
    }),
    ["--no-allocation-site-pretenuring", "--allocation-site-pretenuring"],
  );
});

test("what the process was told stays", () => {
  const before = process.env.NODE_OPTIONS;
  const given = process.execArgv.slice();
  process.execArgv.push("--no_allocation_site_pretenuring");
  try {
    assertEquals(
      flagsSetBy(() => {
        start();
        stop();
      }),
      [],
    );
  } finally {
    process.execArgv.splice(0, process.execArgv.length, ...given);
    assertEquals(process.env.NODE_OPTIONS, before);
  }
});

test("a host without flags is traced all the same", () => {
  const original = process.getBuiltinModule;
  process.getBuiltinModule = (id) => {
    if (id === "node:v8") throw new Error("no");
    return original.call(process, id);
  };
  try {
    start();
    stop();
  } finally {
    process.getBuiltinModule = original;
  }
});
