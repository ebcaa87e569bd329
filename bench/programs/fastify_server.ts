// The server of `fastify.ts` alone: the requests come from a process of their own, eight at a time. Every other one posts JSON.
import { fork } from "node:child_process";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import Fastify from "fastify";
import type { Iteration } from "./program.ts";

const REQUESTS = 200;

export async function prepare(): Promise<Iteration> {
  const server = Fastify();
  server.addHook("onResponse", async () => {});
  server.get("/items/:count", (incoming) => {
    const { count } = incoming.params as { count: string };
    const items = Array.from({ length: Number(count) }, (_, id) => ({
      id,
      name: `item ${id}`,
      tags: ["a", "b"],
    }));
    return { items: items.filter(({ id }) => id % 2 === 0).map((item) => ({ ...item, even: true })) };
  });
  server.post("/items", async (incoming) => {
    const { items } = incoming.body as { items: { id: number }[] };
    await null;
    return { sum: items.reduce((sum, { id }) => sum + id, 0) };
  });
  await server.listen({ port: 0, host: "127.0.0.1" });
  const { port } = server.server.address() as AddressInfo;
  const client = fork(fileURLToPath(new URL("../http_client.mjs", import.meta.url)), [String(port)], {
    execArgv: [],
    env: { PATH: process.env.PATH ?? "" },
  });
  return () =>
    new Promise((resolve, reject) => {
      client.once("message", resolve);
      client.once("exit", () => reject(new Error("the client has gone")));
      client.send(REQUESTS);
    }).finally(() => client.removeAllListeners("exit"));
}
