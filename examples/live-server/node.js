import { createServer } from "node:http";
import { start } from "tracemalloc";
import { createNodeHandler } from "tracemalloc/http";
import { visit } from "./store.js";

start({ nframe: 25, sampling: "adaptive" });
const debug = createNodeHandler({ labels: { service: "live-server" } });

const server = createServer((request, response) => {
  debug(request, response, () => response.end(visit(request.url)));
});
server.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () =>
  console.log(`http://127.0.0.1:${server.address().port}/debug/tracemalloc/`),
);
