// A shop's HTTP server with three leaks that real servers have, each on the line below its mark. Everything else is
// healthy: it allocates a lot, too, and lets go of it. Runs on Node, Deno and Bun.
import { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setInterval } from "node:timers";
import { collect, takeSnapshot } from "tracemalloc";
import { products, search } from "./catalog.ts";

const stock = new EventEmitter();
stock.setMaxListeners(0); // "MaxListenersExceededWarning" went away with this line. The leak did not.

const rendered = new Map<string, object>();
const delivered = new Set<number>();
const exchangeRate = 1.08;

/** `GET /products/7?session=42`: a page's data, cached because rendering it was slow once. */
function product(url: URL): object {
  const key = `${url.pathname}${url.search}`;
  const cached = rendered.get(key);
  if (cached !== undefined) return cached;
  const found = products[idOf(url) % products.length]!;
  // LEAK: the key holds the visitor's session, so every visitor adds entries; nothing ever removes one.
  const page = { ...found, price: found.price * exchangeRate, links: { self: key }, seen: { times: 1 } };
  rendered.set(key, page);
  return page;
}

/** `GET /watch/7`: answers at once, and would tell the visitor about changes while the connection is open. */
function watch(url: URL, response: ServerResponse): object {
  const id = idOf(url);
  // LEAK: the listener stays when the visitor is gone: there is no response.on("close", () => stock.off(…)).
  stock.on("change", (changed: number) => changed === id && response.writable && response.write("new\n"));
  return { watching: id };
}

/** `POST /orders/7`: accepts an order, and looks every minute whether it has been delivered. */
function order(url: URL): object {
  const id = idOf(url);
  // LEAK: nobody keeps the timer, so nobody can clear it once the order has been delivered.
  setInterval(() => delivered.has(id) || stock.emit("late", id, exchangeRate), 60_000).unref();
  delivered.add(id % 100);
  return { accepted: id };
}

function idOf(url: URL): number {
  return Number(url.pathname.split("/")[2]);
}

/** `GET /search?q=ab`: hundreds of objects for each request, none of which outlives it. */
function results(url: URL): object {
  return search(url.searchParams.get("q") ?? "").map(({ id, title, price }) => ({
    id,
    title: title.toUpperCase(),
    price: (price * exchangeRate).toFixed(2),
  }));
}

/** `POST /debug/snapshot/early`: writes what is alive right now to `<folder>/early.pb.gz`. */
async function snapshot(url: URL): Promise<object> {
  const name = url.pathname.split("/")[3] ?? "";
  if (!/^[a-z]{1,20}$/.test(name)) return { error: "a snapshot's name has 1 to 20 letters, a to z" };
  await collect();
  const file = `${process.argv[2] ?? "."}/${name}.pb.gz`;
  takeSnapshot().dump(file);
  return { written: file };
}

async function route(request: IncomingMessage, response: ServerResponse): Promise<object | null> {
  const url = new URL(request.url ?? "/", "http://localhost");
  switch (`${request.method} ${url.pathname.split("/")[1]}`) {
    case "GET products":
      return product(url);
    case "GET watch":
      return watch(url, response);
    case "POST orders":
      return order(url);
    case "GET search":
      return results(url);
    case "POST debug":
      return snapshot(url);
    case "POST shutdown":
      server.close();
      return { closing: true };
    default:
      return null;
  }
}

const server = createServer(async (request, response) => {
  const body = await route(request, response).catch((error: unknown) => ({ error: String(error) }));
  response.writeHead(body === null ? 404 : "error" in body ? 500 : 200, {
    "content-type": "application/json",
    // Kept connections would hold up the end of the process.
    ...(request.url === "/shutdown" && { connection: "close" }),
  });
  response.end(JSON.stringify(body ?? { error: "not found" }));
});

server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") console.log(`listening on port ${address.port}`);
});
