import { connect, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { assert, assertEquals } from "@std/assert";
import { serveLive } from "../../../plugin/http/live_server.ts";
import { currentRuntime } from "../../../src/host/capabilities.ts";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket));
    socket.on("error", reject);
  });
}

// Bun's own server has no such setting.
test("the live server lets idle connections go, and answers on", {
  skip: currentRuntime() === "bun",
}, async () => {
  const port = await freePort();
  const stop = serveLive({ host: "127.0.0.1", port, token: null });
  let open: Socket[] = [];
  try {
    // It begins to listen a moment later.
    for (let made = 0; made < 100; ) {
      const socket = await connected(port).catch(() => setTimeout(20).then(() => null));
      if (socket === null) continue;
      socket.on("error", () => {}).on("close", () => (open = open.filter((each) => each !== socket)));
      open.push(socket);
      made++;
    }
    const isServed = await fetch(`http://127.0.0.1:${port}/debug/tracemalloc/`);
    await isServed.text();
    assertEquals(isServed.status, 200);
    while (open.length > 64) await setTimeout(20);
    assert(open.length <= 64 && open.length > 32, `${open.length} are open`);
  } finally {
    for (const socket of open) socket.destroy();
    stop();
  }
});
