// Labels in real programs, under the preload, on every runtime.
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { Filter, Snapshot } from "../../mod.ts";
import { engines, Project, whoami } from "./host.ts";

const APP = `import { createServer } from "node:http";
import { withLabels } from "tracemalloc/labels";
const kept = [];
async function handle(path) {
  await null;
  for (let i = 0; i < 100; i++) kept.push({ path, i }); // the line
}
const server = createServer((request, response) =>
  withLabels({ route: request.url.split("?")[0] }, async () => {
    await handle(request.url);
    response.end("ok");
  }),
);
server.listen(0, "127.0.0.1", async () => {
  const { port } = server.address();
  for (let i = 0; i < 10; i++) {
    await Promise.all(["/a", "/a?1", "/b"].map((path) => fetch("http://127.0.0.1:" + port + path).then((answer) => answer.text())));
  }
  server.close();
  server.closeAllConnections?.();
});
${whoami}`;

for (const { name, host, program } of engines) {
  const skip = program === null && `no ${name} on the PATH`;
  for (const sampling of ["exact", "adaptive"]) {
    test(`${name}, ${sampling}: what requests allocate carries their route`, { skip }, async () => {
      using project = new Project({ "main.mjs": APP });
      const env = { TRACEMALLOC: "5", TRACEMALLOC_SAMPLING: sampling, TRACEMALLOC_OUT: "app.pb.gz" };
      const { code, stderr } = await project.run(host, "main.mjs", { env, program: program! });
      assertEquals([code, stderr], [0, ""]);
      const snapshot = Snapshot.load(project.path("app.pb.gz"));
      const line = snapshot.filterTraces([new Filter(true, "*main.mjs", { lineno: 6, domain: 0 })]);
      const counts = new Map(line.statistics("label:route").map(({ key, count }) => [key, count]));
      const most = sampling === "exact" ? 100 : 200;
      assert(Math.abs(counts.get("/a")! - 2000) < most, `${[...counts]}`);
      assert(Math.abs(counts.get("/b")! - 1000) < most, `${[...counts]}`);
    });
  }
}
