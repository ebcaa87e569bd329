// One object leaks per request of a fastify server under load: the sampled modes name its line and the way to it, adaptive
// sampling after 2,000 requests, and sampling by bytes after some megabytes.
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { hosts, Project, root, whoami } from "../hosts/host.ts";

// JavaScriptCore leaves no frame of a tail call: no call is the last thing that a function does.
const SERVER = `import { Agent, request } from "node:http";
import Fastify from "fastify";
import { collect, takeSnapshot } from "tracemalloc";
const [requests, slots] = process.argv.slice(2).map(Number);
const orders = [];
function remember(id) {
  const order = new Array(slots);
  order[0] = id;
  orders.push(order); return order;
}
const recent = [];
async function handleOrder(incoming) {
  const id = Number(incoming.params.id);
  const rows = Array.from({ length: 50 }, (_, n) => ({ n, name: "row " + n, tags: ["a", "b"] }));
  recent.push(rows);
  if (recent.length > 20) recent.shift();
  const order = remember(id);
  return { rows: rows.filter(({ n }) => n % 2 === 0).map((row) => ({ ...row, of: order[0] })) };
}
const server = Fastify();
server.get("/orders/:id", handleOrder);
await server.listen({ port: 0, host: "127.0.0.1" });
const { port } = server.server.address();
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const get = (id) => new Promise((resolve, reject) => {
  request({ host: "127.0.0.1", port, path: "/orders/" + id, agent }, (response) => {
    response.on("data", () => {});
    response.on("end", resolve);
  }).on("error", reject).end();
});
async function load(count) {
  let next = 0;
  const worker = async () => { while (next < count) await get(next++); };
  await Promise.all(Array.from({ length: 8 }, worker));
  await collect();
}
await load(200);
const before = takeSnapshot();
await load(requests);
const after = takeSnapshot();
const short = ({ functionName, filename, lineno }) => functionName + "@" + filename.split("/").pop() + ":" + lineno;
const measure = slots > 100 ? "sizeDiff" : "countDiff";
const most = (key) => after.compareTo(before, key).toSorted((a, b) => b[measure] - a[measure])[0];
const line = most("lineno");
const way = [...most("traceback").traceback];
console.log(JSON.stringify({
  line: short(line.traceback.at(-1)),
  way: way.slice(-2).map(short),
  leadsThroughFastify: way.some(({ filename }) => filename.includes("/fastify/")),
  growth: line[measure],
}));
await server.close();
agent.destroy();
${whoami}`;

/** Of `remember` and of the handler. */
const [MADE, CALLED] = ["new Array(slots)", "remember(id);"].map(
  (text) => SERVER.split("\n").findIndex((line) => line.includes(text)) + 1,
);

const ADAPTIVE = { sampling: "adaptive", mostError: 0.05 };
const BYTES = { sampling: "524288", mostError: 0.72 };
/**
 * Bytes of `new Array(512)`: on V8 16, and 16 with 8 for each slot. JavaScriptCore puts the 4,104 of the slots into the next size of cells that it has:
 * with the array's own 16, the heap of Bun 1.4.5 grows by 5,385 for each of 4,000 (`heapStats()`), for each of 600 slots, too.
 */
const SIZE = { node: 4112, deno: 4112, bun: 5376 };
const MODES = [
  // Where all objects of a line live, it has no error but at the ends of what is followed.
  { name: "adaptive sampling, after 2,000 requests", ...ADAPTIVE, requests: 2_000, slots: 2, truth: 2_000 },
  // Of 16 MB 31 samples: four standard errors are 0.72.
  { name: "sampling by bytes, after 16 MB", ...BYTES, requests: 4_000, slots: 512, truth: 4_000 },
];

for (const host of hosts) {
  for (const { name, sampling, mostError, requests, slots, truth } of MODES) {
    test(`${host}: ${name}, names the line that leaks in a fastify server, and the handler`, async () => {
      using project = new Project({ "server.mjs": SERVER, "package.json": "{}" });
      symlinkSync(join(root, "node_modules/fastify"), project.path("node_modules/fastify"), "dir");
      const { code, stdout, stderr } = await project.run(host, "./server.mjs", {
        env: { TRACEMALLOC: "25", TRACEMALLOC_SAMPLING: sampling },
        args: [`${requests}`, `${slots}`],
        timeout: 180_000,
      });
      assertEquals([code, stderr], [0, ""]);
      const [found, said] = stdout.trim().split("\n");
      assertEquals(said, `host:${host}`);
      const { growth, ...named } = JSON.parse(found!);
      assertEquals(named, {
        line: `remember@server.mjs:${MADE}`,
        way: [`handleOrder@server.mjs:${CALLED}`, `remember@server.mjs:${MADE}`],
        leadsThroughFastify: true,
      });
      const expected = truth * (slots > 100 ? SIZE[host] : 1);
      assert(Math.abs(growth / expected - 1) < mostError, `${growth} for ${expected}`);
    });
  }
}
