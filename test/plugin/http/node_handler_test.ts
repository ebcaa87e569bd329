// Over real sockets, on every runtime: what the handler alone cannot show.
import { createServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { test } from "node:test";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Snapshot, start, stop } from "../../../mod.ts";
import { createNodeHandler, type HttpOptions } from "../../../plugin/http/http.ts";

interface Running extends AsyncDisposable {
  readonly port: number;
}

/** Serves, with what an application would do for its own paths. */
async function serve(options: HttpOptions = {}): Promise<Running> {
  const handler = createNodeHandler(options);
  const server: Server = createServer((request, response) => {
    handler(request, response, () => response.end("the application"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

function get(port: number, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    httpRequest({ port, path, headers, host: "127.0.0.1", agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts) }),
      );
    })
      .on("error", reject)
      .end();
  });
}

/** Sends these bytes as they are, and gives what comes back until the connection ends or the answer is there. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    const end = (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setEncoding("utf8");
    socket.on("data", (part: string) => {
      answer += part;
      if (/\r\n\r\n[\s\S]/.test(answer) || / 204 /.test(answer)) end();
    });
    socket.on("error", end);
    socket.on("close", end);
  });
}

test("profiles and the application's own pages, from one server", async () => {
  start(5);
  try {
    await using server = await serve();
    const { status, body } = await get(server.port, "/debug/pprof/heap");
    assertEquals(status, 200);
    assert(Snapshot.fromBytes(new Uint8Array(body)).tracebackLimit === 5);
    for (const path of ["/", "/debug", "/debug/pprofx", "/other?x=/debug/pprof/heap"])
      assertEquals(String((await get(server.port, path)).body), "the application", path);
    assertStringIncludes(
      String((await get(server.port, "/debug/tracemalloc/")).body),
      "<title>tracemalloc</title>",
    );
  } finally {
    stop();
  }
});

test("paths that climb or name another host lead nowhere", async () => {
  await using server = await serve();
  const { port } = server;
  const targets = ["/debug/tracemalloc/../../../etc/passwd", "//evil.example/debug/pprof/heap"];
  for (const target of targets) {
    const answer = await raw(port, `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    assertStringIncludes(answer, "the application", target);
  }
  for (const target of ["/debug/tracemalloc/..%2f..%2fpackage.json", "/debug/tracemalloc/live.css%00.html"]) {
    const answer = await raw(port, `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    assertMatch(answer, /^HTTP\/1\.1 404 /);
  }
  for (const host of ["evil.example", "localhost@evil.example", "127.0.0.1.evil.example:80"]) {
    const answer = await raw(port, `GET /debug/pprof/ HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    assertMatch(answer, /^HTTP\/1\.1 (?:403|400) /);
  }
  // Without a Host header there is no name to trust.
  assertMatch(await raw(port, "GET /debug/pprof/ HTTP/1.0\r\n\r\n"), /^HTTP\/1\.[01] (?:403|400) /);
});

test("a body is refused before it has been sent", async () => {
  await using server = await serve();
  const own = `Host: localhost:${server.port}\r\nOrigin: http://localhost:${server.port}\r\n`;
  for (const length of ["Content-Length: 100000000000\r\n", "Transfer-Encoding: chunked\r\n"]) {
    const answer = await raw(server.port, `POST /debug/tracemalloc/mark HTTP/1.1\r\n${own}${length}\r\n`);
    assertMatch(answer, /^HTTP\/1\.1 413 /);
  }
  const without = await raw(
    server.port,
    `POST /debug/tracemalloc/mark HTTP/1.1\r\n${own}Content-Length: 0\r\n\r\n`,
  );
  assertMatch(without, /^HTTP\/1\.1 204 /);
});

test("1,000 pages: as many as are allowed are served, the others get 503, and the server lives", async () => {
  await using server = await serve({ clients: 20 });
  const { port } = server;
  const sockets: ReturnType<typeof connect>[] = [];
  const open = (): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () =>
        socket.write("GET /debug/tracemalloc/events HTTP/1.1\r\nHost: localhost\r\n\r\n"),
      );
      sockets.push(socket);
      socket.once("data", (part) => resolve(String(part).slice(9, 12)));
      socket.on("error", () => resolve("error"));
      socket.on("close", () => resolve("closed"));
    });
  const statuses: string[] = [];
  for (let i = 0; i < 1000; i += 50) statuses.push(...(await Promise.all(Array.from({ length: 50 }, open))));
  assertEquals(
    [
      statuses.filter((status) => status === "200").length,
      statuses.filter((status) => status === "503").length,
    ],
    [20, 980],
  );
  assertEquals((await get(port, "/debug/pprof/")).status, 200);
  for (const socket of sockets) socket.destroy();
  // Their places are free again, as soon as the server has seen them go.
  let status = "503";
  for (let i = 0; i < 100 && status !== "200"; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    status = await open();
  }
  assertEquals(status, "200");
  for (const socket of sockets) socket.destroy();
});
