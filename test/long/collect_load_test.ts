// What `collect()` leaves while two other processes keep the cores busy: all that is garbage is gone, in each of many rounds.
// Objects that a snapshot has measured in the same job stay until that has ended, and finalizers come when they can.
// The proof, `TEST_COLLECT_ROUNDS=10000 npm run test:all`, takes an hour or two.
import { spawn } from "node:child_process";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { hosts, Project } from "../hosts/host.ts";

const ROUNDS = Number(process.env.TEST_COLLECT_ROUNDS ?? 300);
/** On a machine with many more to do, Deno takes 500. */
const MS_PER_ROUND = 700;
const MADE = 1000;
const KEPT = 100;
/** JavaScriptCore compiles the loops in the first rounds of a process, and holds the objects that they had in hand. */
const FRESH_PROCESSES = Math.ceil(ROUNDS / 10);
const FRESH_ROUNDS = 5;

const PROGRAM = `
import { collect, start, stop, takeSnapshot } from "tracemalloc";
import { make } from "./make.js";
const counts = {};
const rounds = Number(process.argv[2]);
for (let round = 0; round < rounds; round++) {
  start(1);
  const kept = make(${MADE});
  takeSnapshot();
  kept.length = ${KEPT};
  await collect();
  const lines = takeSnapshot().statistics("lineno");
  const { count } = lines.find(({ traceback }) => traceback.at(0).filename.endsWith("make.js") && traceback.at(0).lineno === 3);
  counts[count] = (counts[count] ?? 0) + 1;
  if (kept.length !== ${KEPT}) throw new Error("kept nothing");
  stop();
}
console.log(JSON.stringify(counts));
`;
const MAKE = `export function make(count) {
  const kept = [];
  for (let i = 0; i < count; i++) kept[i] = { i };
  return kept;
}
`;

for (const host of hosts) {
  const timeout = 60_000 + MS_PER_ROUND * ROUNDS;
  const rounds = (count: number) => async (): Promise<void> => {
    using project = new Project({ "package.json": `{"type":"module"}`, "make.js": MAKE, "main.js": PROGRAM });
    for (let i = 0; i < (count < ROUNDS ? FRESH_PROCESSES : 1); i++) {
      const args = [`${count}`];
      const { code, stdout, stderr } = await project.run(host, "./main.js", { args, timeout });
      assertEquals([code, stderr], [0, ""]);
      assertEquals(JSON.parse(stdout), { [KEPT]: count });
    }
  };
  test(`${host}: ${ROUNDS} rounds of collect() on a busy machine`, { timeout }, () =>
    onBusyMachine(rounds(ROUNDS)),
  );

  // V8 holds nothing for its compiler.
  if (host !== "bun") continue;
  test(
    `${host}: ${FRESH_ROUNDS} rounds in each of ${FRESH_PROCESSES} processes`,
    { timeout: timeout * 5 },
    () => onBusyMachine(rounds(FRESH_ROUNDS)),
  );
}

async function onBusyMachine(body: () => Promise<void>): Promise<void> {
  const busy = [0, 1].map(() => spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }));
  try {
    await body();
  } finally {
    for (const child of busy) child.kill("SIGKILL");
  }
}
