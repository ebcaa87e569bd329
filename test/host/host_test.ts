import { test } from "node:test";
import { assert, assertEquals, assertFalse, assertStrictEquals } from "@std/assert";
import { hostModule, processId } from "../../src/host/built_in_modules.ts";
import { host, isPermitted } from "../../src/host/host.ts";

/** Runs `work` where the global object has another `name`. */
function withGlobal<T>(name: string, value: unknown, work: () => T): T {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  try {
    return work();
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, name);
    else Object.defineProperty(globalThis, name, before);
  }
}

test("only Deno is asked what is permitted, and what it would have to ask its user is not", () => {
  const asked: object[] = [];
  const deno = (state: string): object => ({
    permissions: {
      querySync(descriptor: object) {
        asked.push(descriptor);
        return { state };
      },
    },
  });
  const read = { name: "read", path: "/secret" };
  const answers = ["granted", "prompt", "denied"].map((state) =>
    withGlobal("Deno", deno(state), () => isPermitted(read)),
  );
  assertEquals(answers, [true, false, false]);
  assertEquals(asked, [read, read, read]);
  assert(withGlobal("Deno", undefined, () => isPermitted(read)));
});

test("what the host has is looked up when it is asked for: programs and tests put other things there", () => {
  const { process } = globalThis;
  assertStrictEquals(host.process?.pid, process.pid);
  withGlobal("process", { pid: 7, getBuiltinModule: (name: string) => ({ name }) }, () => {
    assertStrictEquals(processId(), 7);
    assertEquals(hostModule("node:fs") as unknown, { name: "node:fs" });
  });
  withGlobal("process", undefined, () => {
    assertStrictEquals(processId(), 0);
    assertStrictEquals(hostModule("node:fs"), undefined);
  });
  assertFalse(hostModule("node:util")?.types?.isProxy({}) ?? false);
});
