import Fastify from "fastify";
import { start } from "tracemalloc";
import { createNodeHandler } from "tracemalloc/http";
import { visit } from "./store.js";

start({ nframe: 25, sampling: "adaptive" });
const debug = createNodeHandler({ labels: { service: "live-server" } });

const app = Fastify();
app.all("/debug/*", (request, reply) => {
  reply.hijack();
  debug(request.raw, reply.raw);
});
app.get("/*", (request) => visit(request.url));
const address = await app.listen({ port: Number(process.env.PORT ?? 3000), host: "127.0.0.1" });
console.log(`${address}/debug/tracemalloc/`);
