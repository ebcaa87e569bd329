import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { type Environment, EnvironmentError, readEnvironment } from "../../../plugin/preload/environment.ts";
import { currentRuntime } from "../../../src/host/capabilities.ts";

test("nothing set asks for nothing", () => {
  const nothing: Environment = {
    ...{ nframe: null, sampling: null, include: [], exclude: [], out: null, checkpoint: null, why: null },
    ...{ live: null, follow: "all", snapshots: null, onGrowth: null },
    // Windows has no signal of the user's.
    signal: process.platform === "win32" ? null : "SIGUSR2",
    isSignalNamed: false,
    command: false,
    hunt: null,
  };
  assertEquals(readEnvironment({}), nothing);
  const names = [
    "TRACEMALLOC",
    "TRACEMALLOC_SAMPLING",
    "TRACEMALLOC_INCLUDE",
    "TRACEMALLOC_EXCLUDE",
    "TRACEMALLOC_OUT",
  ];
  assertEquals(readEnvironment(Object.fromEntries(names.map((name) => [name, ""]))), nothing);
});

test("allowed values are read", () => {
  assertEquals(readEnvironment({ TRACEMALLOC: "0" }).nframe, null);
  assertEquals(readEnvironment({ TRACEMALLOC: "65535" }).nframe, 65_535);
  assertEquals(readEnvironment({ TRACEMALLOC_SAMPLING: "adaptive" }).sampling, "adaptive");
  assertEquals(readEnvironment({ TRACEMALLOC_SAMPLING: "524288" }).sampling, 524_288);
  assertEquals(readEnvironment({ TRACEMALLOC_INCLUDE: "a,b", TRACEMALLOC_EXCLUDE: "c" }).include, ["a", "b"]);
  assertEquals(readEnvironment({ TRACEMALLOC_OUT: "x-%p.pb.gz" }).out, "x-%p.pb.gz");
  const hunt = { TRACEMALLOC_HUNT: "/tmp/s", TRACEMALLOC_HUNT_SCRIPT: "/app/a.ts" };
  assertEquals(readEnvironment(hunt).hunt, { socket: "/tmp/s", script: "/app/a.ts" });
  assertEquals(readEnvironment({ ...hunt, TRACEMALLOC_HUNT_SCRIPT: "" }).hunt, {
    socket: "/tmp/s",
    script: null,
  });
});

test("other values are refused with what was found and what is allowed", () => {
  for (const value of ["-1", "1.5", "65536", "abc", " 1", "1e3", "0x10", "9".repeat(400), "true"]) {
    assertThrows(() => readEnvironment({ TRACEMALLOC: value }), EnvironmentError, "1 to 65535");
  }
  for (const value of ["0", "-5", "1.5", "Exact", "9".repeat(30)]) {
    assertThrows(
      () => readEnvironment({ TRACEMALLOC_SAMPLING: value }),
      EnvironmentError,
      `TRACEMALLOC_SAMPLING="${value}"`,
    );
  }
  assertThrows(
    () => readEnvironment({ TRACEMALLOC_OUT: "folder/" }),
    EnvironmentError,
    "the name of the file",
  );
});

test("TRACEMALLOC_CHECKPOINT takes seconds", () => {
  assertEquals(readEnvironment({ TRACEMALLOC_CHECKPOINT: "2.5" }).checkpoint, 2.5);
  for (const value of ["0", "-1", "x", "1e3", "100000"]) {
    assertThrows(() => readEnvironment({ TRACEMALLOC_CHECKPOINT: value }), EnvironmentError, "0.1 to 86400");
  }
});

test("TRACEMALLOC_SIGNAL takes a signal that ends nothing, and that the runtime does not use itself", () => {
  const signal = (TRACEMALLOC_SIGNAL: string): unknown => readEnvironment({ TRACEMALLOC_SIGNAL }).signal;
  assertEquals(signal("0"), null);
  assertEquals(signal("SIGWINCH"), "SIGWINCH");
  for (const value of ["1", "USR2", "SIGKILL", "SIGTERM", "SIGSEGV", "SIGNOTHING", "toString", "sigusr2"])
    assertThrows(
      () => signal(value),
      EnvironmentError,
      "a signal that this system has and that ends no program",
    );
  // On Node and Deno it starts the debugger.
  if (currentRuntime() === "bun") assertEquals(signal("SIGUSR1"), "SIGUSR1");
  else assertThrows(() => signal("SIGUSR1"), EnvironmentError, "debugger");
});

test("TRACEMALLOC_ON_GROWTH takes a percentage", () => {
  assertEquals(readEnvironment({ TRACEMALLOC_ON_GROWTH: "20%" }).onGrowth, { share: 0.2, window: 300 });
  assertThrows(() => readEnvironment({ TRACEMALLOC_ON_GROWTH: "20" }), EnvironmentError, "20% or 20%/300");
});

test("TRACEMALLOC_LIVE takes a port, and an address that others can reach only with a token", () => {
  const live = (TRACEMALLOC_LIVE: string, TRACEMALLOC_LIVE_TOKEN = ""): unknown =>
    readEnvironment({ TRACEMALLOC_LIVE, TRACEMALLOC_LIVE_TOKEN }).live;
  assertEquals(live("0"), { host: "127.0.0.1", port: 0, token: null });
  assertEquals(live("[::1]:6060"), { host: "::1", port: 6060, token: null });
  const token = "correct-horse-battery";
  assertEquals(live("0.0.0.0:6060", token), { host: "0.0.0.0", port: 6060, token });
  for (const value of ["x", "65536", "-1", "localhost", "0.0.0.0:1", "10.0.0.1:1", "127.evil.example:1"])
    assertThrows(() => live(value), EnvironmentError, `TRACEMALLOC_LIVE=${JSON.stringify(value)}`);
  const { message } = assertThrows(() => live("0", "too short"), EnvironmentError, "TRACEMALLOC_LIVE_TOKEN");
  assertEquals(message.includes("too short"), false);
});

test("TRACEMALLOC_FOLLOW: everything that is started, or this process alone", () => {
  assertEquals(
    ["", "1", "0", "never"].map((value) => readEnvironment({ TRACEMALLOC_FOLLOW: value }).follow),
    ["all", "all", "here", "never"],
  );
  assertThrows(
    () => readEnvironment({ TRACEMALLOC_FOLLOW: "no" }),
    EnvironmentError,
    `TRACEMALLOC_FOLLOW="no"`,
  );
});
