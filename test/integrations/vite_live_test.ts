// `/__tracemalloc/`: what it shows, and whom it refuses.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server, request as send } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { renderReport } from "../../plugin/bundlers/live_page.ts";
import { serveLive } from "../../plugin/bundlers/vite_live.ts";
import { buildOnce } from "../hosts/host.ts";

buildOnce();

/** A project, and a file beside it. */
const PARENT = realpathSync(mkdtempSync(join(tmpdir(), "tracemalloc-live-")));
const FOLDER = join(PARENT, "app");
mkdirSync(FOLDER);
writeFileSync(join(FOLDER, "main.ts"), "export const own = 'the text of main.ts';\n");
writeFileSync(join(PARENT, "secret.ts"), "export const secret = 'the text of secret.ts';\n");
symlinkSync(join(PARENT, "secret.ts"), join(FOLDER, "link.ts"));
after(() => rmSync(PARENT, { recursive: true }));

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
  headers: IncomingHttpHeaders;
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
      config: { root: FOLDER },
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
        response.on("end", () => resolve({ status: response.statusCode!, text, headers: response.headers }));
      });
      request.on("error", reject);
      request.end(body);
    });
  }

  /** As a page of the server does, unless other headers are given. */
  post(headers: Record<string, string> = {}, body: Uint8Array = SNAPSHOT.toBytes()): Promise<Reply> {
    const own = { origin: `http://${this.host}`, "sec-fetch-site": "same-origin" };
    return this.ask("/__tracemalloc/snapshot", { method: "POST", headers: { ...own, ...headers }, body });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

test("names of files are text on the page", () => {
  const { html, policy } = renderReport(SNAPSHOT, FOLDER);
  const page = new TextDecoder().decode(html as Uint8Array);
  assertStringIncludes(page, "/app/\\u003cimg src=x>.ts");
  assertFalse(page.includes("<img"));
  assert(/script-src 'sha256-[\w+/=]{44}'/.test(policy), policy);
  assertFalse(policy.includes("unsafe"));
});

test("the page shows the text of the project's files, and of no others, whatever was posted", () => {
  const names = ["main.ts", "link.ts", "../secret.ts"].map((name) => `${FOLDER}/${name}`);
  const all = [...names, join(PARENT, "secret.ts"), "../secret.ts", "file:///etc/passwd", "\0.ts"];
  const snapshot = Snapshot.fromTraces(
    all.map((name) => [0, 64, [[name, 1]]]),
    1,
  );
  const page = new TextDecoder().decode(renderReport(snapshot, FOLDER).html as Uint8Array);
  assertStringIncludes(page, "the text of main.ts");
  assertFalse(page.includes("the text of secret.ts"));
});

test("a look at the page asks the application, and shows what it sends", async () => {
  await using live = await new Live().listen();
  assertStringIncludes((await live.ask("/__tracemalloc/")).text, "open the application in another tab");
  live.onAsk = () => void live.post();
  const { status, text, headers } = await live.ask("/__tracemalloc/");
  assertEquals(status, 200);
  assertStringIncludes(text, '<script type="application/json" id="report">');
  const inPage = /Content-Security-Policy" content="([^"]+)"/.exec(text)![1];
  assertEquals(headers["content-security-policy"], `${inPage}; frame-ancestors 'none'`);
  assertEquals(headers.refresh, undefined);
  assertEquals((await live.ask("/__tracemalloc/?refresh=5")).headers.refresh, "5");
  assertEquals((await live.ask("/__tracemalloc/?refresh=5;url=//evil.example")).headers.refresh, undefined);
  assertStringIncludes(text, "/app/main.ts");
  const file = await fetch(`http://${live.host}/__tracemalloc/snapshot.pb.gz`);
  assertEquals(file.status, 200);
  const shown = Snapshot.fromBytes(new Uint8Array(await file.arrayBuffer())).statistics("lineno");
  assertEquals(shown.map(String), SNAPSHOT.statistics("lineno").map(String));
  live.onAsk = () =>
    void live.ask("/__tracemalloc/not-tracing", {
      method: "POST",
      headers: { origin: `http://${live.host}` },
    });
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
  for (const header of ["x-forwarded-for", "forwarded", "via"]) {
    const { status } = await live.ask("/__tracemalloc/", { headers: { [header]: "192.0.2.1" } });
    assertEquals(status, 403, header);
  }
  const elsewhere = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };
  assertEquals((await live.ask("/__tracemalloc/snapshot.pb.gz", { headers: elsewhere })).status, 403);
  const link = { ...elsewhere, "sec-fetch-mode": "navigate" };
  assertEquals((await live.ask("/__tracemalloc/", { headers: link })).status, 200);
  assertEquals((await live.ask("/__tracemalloc/", { headers: { host: "app.localhost:5173" } })).status, 200);
  const silent = await live.ask("/__tracemalloc/snapshot", { method: "POST", body: SNAPSHOT.toBytes() });
  assertEquals(silent.status, 403, "no origin");
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
