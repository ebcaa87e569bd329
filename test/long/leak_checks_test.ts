// The plague of leak checks is that they cry wolf: clean functions raise no alarm, and those that leak one object per call
// are all found, on each runtime. In processes of ten rounds, because a test runner's process is no longer than that; two
// here. The proof, `TEST_LEAK_ROUNDS=200 npm run test:all`, takes half an hour.
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { hosts, Project } from "../hosts/host.ts";
import { FIRST_LEAK, SOURCE } from "../plugin/testing/subject.ts";

const ROUNDS = 10;
const PROCESSES = Math.ceil(Number(process.env.TEST_LEAK_ROUNDS ?? 20) / ROUNDS);

const PROGRAM = `
import { findLeaks } from "tracemalloc/testing";
import { clean, leaks } from "./subject.js";
const [first, rounds] = process.argv.slice(2).map(Number);
const cleanNames = Object.keys(clean);
const leakNames = Object.keys(leaks).filter((name) => name !== "half");
const result = { clean: 0, alarms: [], leaky: 0, missed: [] };
for (let round = first; round < first + rounds; round++) {
  const iterations = round % 3 === 0 ? 100 : 25;
  const tidy = cleanNames[round % cleanNames.length];
  const alarms = await findLeaks(clean[tidy], { iterations: tidy === "fills" ? 100 : iterations });
  result.clean++;
  if (alarms.length > 0) result.alarms.push([tidy, alarms.map(({ lineno }) => lineno)]);
  const index = round % leakNames.length;
  const found = await findLeaks(leaks[leakNames[index]], { iterations });
  result.leaky++;
  const isRight = found.length === 1 && found[0].lineno === ${FIRST_LEAK} + index;
  if (!isRight) result.missed.push([leakNames[index], found.map(({ lineno }) => lineno)]);
}
console.log(JSON.stringify(result));
`;

for (const host of hosts) {
  for (let part = 0; part < PROCESSES; part++) {
    const first = part * ROUNDS;
    test(`${host}: rounds ${first} to ${first + ROUNDS - 1} of leak checks`, async () => {
      using project = new Project({
        "package.json": `{"type":"module"}`,
        "subject.js": SOURCE,
        "main.js": PROGRAM,
      });
      const args = [String(first), String(ROUNDS)];
      const { code, stdout, stderr } = await project.run(host, "./main.js", { args, timeout: 110_000 });
      assertEquals([code, stderr], [0, ""]);
      assertEquals(JSON.parse(stdout), { clean: ROUNDS, alarms: [], leaky: ROUNDS, missed: [] });
    });
  }
}
