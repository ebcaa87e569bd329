// A fastify server answers 100 requests with JSON, eight at a time, on the loopback.
import { Agent, request } from "node:http";
import type { AddressInfo } from "node:net";
import Fastify from "fastify";
import type { Iteration } from "./program.ts";

const REQUESTS = 100;
const AT_ONCE = 8;

export async function prepare(): Promise<Iteration> {
  const server = Fastify();
  server.get("/items/:count", (incoming) => {
    const { count } = incoming.params as { count: string };
    const items = Array.from({ length: Number(count) }, (_, id) => ({
      id,
      name: `item ${id}`,
      tags: ["a", "b"],
    }));
    return { items: items.filter(({ id }) => id % 2 === 0).map((item) => ({ ...item, even: true })) };
  });
  await server.listen({ port: 0, host: "127.0.0.1" });
  const { port } = server.server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  server.server.unref();
  const get = (): Promise<number> =>
    new Promise((resolve, reject) => {
      request({ host: "127.0.0.1", port, path: "/items/50", agent }, (response) => {
        let length = 0;
        response.on("data", (chunk: Buffer) => void (length += chunk.length));
        response.on("end", () => resolve(length));
      })
        .on("error", reject)
        .end();
    });
  return async () => {
    let total = 0;
    const worker = async (): Promise<void> => {
      for (let i = 0; i < REQUESTS / AT_ONCE; i++) total += await get();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return total;
  };
}
