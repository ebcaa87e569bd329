// The same shop without its leaks: each mend stands below its mark. `tracemalloc hunt` finds nothing here.
import { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setInterval } from "node:timers";
import { products, search } from "./catalog.ts";

const stock = new EventEmitter();
stock.setMaxListeners(0);

const MOST_RENDERED = 100;
const rendered = new Map<string, object>();
const awaited = new Map<number, number>();
const exchangeRate = 1.08;

/** `GET /products/7?session=42`: a page's data, cached because rendering it was slow once. */
function product(url: URL): object {
  // MENDED: the visitor's session is no part of the key, and the cache has a bound.
  const key = url.pathname;
  const cached = rendered.get(key);
  if (cached !== undefined) return cached;
  const found = products[idOf(url) % products.length]!;
  const page = { ...found, price: found.price * exchangeRate, links: { self: key }, seen: { times: 1 } };
  rendered.set(key, page);
  if (rendered.size > MOST_RENDERED) rendered.delete(rendered.keys().next().value!);
  return page;
}

/** `GET /watch/7`: answers at once, and would tell the visitor about changes while the connection is open. */
function watch(url: URL, response: ServerResponse): object {
  const id = idOf(url);
  const onChange = (changed: number): unknown =>
    changed === id && response.writable && response.write("new\n");
  stock.on("change", onChange);
  // MENDED: the listener goes with the visitor.
  response.on("close", () => stock.off("change", onChange));
  return { watching: id };
}

/** `POST /orders/7`: accepts an order. */
function order(url: URL): object {
  const id = idOf(url);
  awaited.set(id % 100, Date.now());
  return { accepted: id };
}

// MENDED: one timer looks after all orders.
setInterval(() => {
  for (const [id, since] of awaited) if (Date.now() - since > 60_000) stock.emit("late", id);
}, 60_000).unref();

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

function route(request: IncomingMessage, response: ServerResponse): object | null {
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
    default:
      return null;
  }
}

const server = createServer((request, response) => {
  const body = route(request, response);
  response.writeHead(body === null ? 404 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify(body ?? { error: "not found" }));
});

server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") console.log(`listening on port ${address.port}`);
});
