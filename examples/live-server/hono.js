// Hono has a handler per runtime; this is `Deno.serve` and `Bun.serve`, and on Node a few lines of `node:http`.
import { createServer } from "node:http";
import { Hono } from "hono";
import { start } from "tracemalloc";
import { createHandler } from "tracemalloc/http";
import { visit } from "./store.js";

start({ nframe: 25, sampling: "adaptive" });
const debug = createHandler({ labels: { service: "live-server" } });

const app = new Hono();
// What the runtime says about the client comes as `c.env`: without it, only clients with a token are served.
app.all("/debug/*", (c) => debug(c.req.raw, c.env.client));
app.get("*", (c) => c.text(visit(c.req.path)));

const port = Number(process.env.PORT ?? 3000);
const hostname = "127.0.0.1";
const show = (taken) => console.log(`http://${hostname}:${taken}/debug/tracemalloc/`);
if (globalThis.Deno) {
  Deno.serve({ port, hostname, onListen: (address) => show(address.port) }, (request, client) =>
    app.fetch(request, { client }),
  );
} else if (globalThis.Bun) {
  const server = Bun.serve({
    port,
    hostname,
    idleTimeout: 0,
    fetch: (request, client) => app.fetch(request, { client }),
  });
  show(server.port);
} else {
  const server = createServer(async (incoming, outgoing) => {
    const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
      method: incoming.method,
      headers: incoming.headers,
    });
    const response = await app.fetch(request, { client: incoming.socket.remoteAddress });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    for await (const part of response.body ?? []) outgoing.write(part);
    outgoing.end();
  });
  server.listen(port, hostname, () => show(server.address().port));
}
