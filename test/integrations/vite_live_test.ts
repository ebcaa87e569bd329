// `/__tracemalloc/`: what it shows, and whom it refuses.
import { createServer, type Server, request as send } from "node:http";
import { test } from "node:test";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { renderLivePage } from "../../plugin/live_page.ts";
import { serveLive } from "../../plugin/vite_live.ts";

const SNAPSHOT = Snapshot.fromTraces(
  [
    [
      0,
      2048,
      [
        ["/app/<img src=x>.ts", 7],
        ["/app/main.ts", 3],
      ],
    ],
    [0, 64, [["/app/main.ts", 4]]],
  ],
  2,
);

interface Reply {
  status: number;
  text: string;
}

/** The middleware on a server of its own; `onAsk` stands for the page. */
class Live implements AsyncDisposable {
  readonly #server: Server;
  onAsk: ((url: string) => void) | null = null;

  constructor() {
    const clients = {
      get size() {
        return live.onAsk === null ? 0 : 1;
      },
    } as ReadonlySet<unknown>;
    const live = this;
    let handler: Parameters<Parameters<typeof serveLive>[0]["middlewares"]["use"]>[0];
    serveLive({
      middlewares: { use: (given) => (handler = given) },
      ws: {
        clients,
        send: (_: string, { id }: { id: number }) => this.onAsk?.(`/__tracemalloc/snapshot?id=${id}`),
      } as never,
    });
    this.#server = createServer((request, response) =>
      handler(request, response, () => response.writeHead(418).end("next")),
    );
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  ask(
    path: string,
    options: { method?: string; headers?: Record<string, string>; body?: Uint8Array } = {},
  ): Promise<Reply> {
    const { method = "GET", headers = {}, body } = options;
    const { port } = this.#server.address() as { port: number };
    return new Promise((resolve, reject) => {
      const request = send({ host: "127.0.0.1", port, path, method, headers, agent: false }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => (text += part));
        response.on("end", () => resolve({ status: response.statusCode!, text }));
      });
      request.on("error", reject);
      request.end(body);
    });
  }

  post(headers: Record<string, string> = {}, body: Uint8Array = SNAPSHOT.toBytes()): Promise<Reply> {
    return this.ask("/__tracemalloc/snapshot", { method: "POST", headers, body });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

test("names of files are text on the page", () => {
  const page = renderLivePage(SNAPSHOT);
  assertStringIncludes(page, "/app/&lt;img src=x&gt;.ts:7");
  assertEquals(page.includes("<img"), false);
});

test("a look at the page asks the application, and shows what it sends", async () => {
  await using live = await new Live().listen();
  assertStringIncludes((await live.ask("/__tracemalloc/")).text, "open the application in another tab");
  live.onAsk = () => void live.post({ origin: `http://${live.host}`, "sec-fetch-site": "same-origin" });
  const { status, text } = await live.ask("/__tracemalloc/");
  assertEquals(status, 200);
  assertStringIncludes(text, "<td>2.0 KiB<td>1<td>2.0 KiB");
  assertEquals((await live.ask("/__tracemalloc/snapshot.pb.gz")).status, 200);
  live.onAsk = () => void live.ask("/__tracemalloc/not-tracing", { method: "POST" });
  assertStringIncludes((await live.ask("/__tracemalloc/")).text, "has not called start()");
});

test("other paths are other people's", async () => {
  await using live = await new Live().listen();
  assertEquals((await live.ask("/__tracemalloc")).status, 418);
  assertEquals((await live.ask("/src/main.ts")).status, 418);
  for (const path of ["x", "../mod.ts", "%2e%2e/mod.ts", "snapshot"]) {
    const { status } = await live.ask(`/__tracemalloc/${path}`);
    assertEquals(status === 404 || status === 418, true, `${path}: ${status}`);
  }
  assertEquals((await live.ask("/__tracemalloc/", { method: "DELETE" })).status, 405);
});

test("foreign hosts and origins get nothing in and nothing out", async () => {
  await using live = await new Live().listen();
  await live.post();
  for (const host of ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80"]) {
    assertEquals((await live.ask("/__tracemalloc/", { headers: { host } })).status, 403, host);
  }
  for (const headers of [
    { origin: "http://evil.example" },
    { origin: "http://localhost:1" },
    { origin: "null" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site", origin: `http://${live.host}` },
  ] as Record<string, string>[]) {
    assertEquals((await live.post(headers)).status, 403, JSON.stringify(headers));
  }
});

test("what is no snapshot, or too long, is refused", async () => {
  await using live = await new Live().listen();
  const { status, text } = await live.post({}, new TextEncoder().encode("no snapshot"));
  assertEquals(status, 400);
  assertStringIncludes(text, "snapshot");
  const long = await live.post({}, new Uint8Array(33 * 1024 * 1024)).catch(() => ({ status: 413 }));
  assertEquals(long.status, 413);
  assertStringIncludes((await live.ask("/__tracemalloc/")).text, "open the application in another tab");
});
