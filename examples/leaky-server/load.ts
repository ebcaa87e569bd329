import { Agent, request } from "node:http";

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/** One request on loopback; resolves with the status when the whole answer is there. */
export function send(port: number, method: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, method, path, agent, timeout: 10_000 }, (response) => {
      response.on("end", () => resolve(response.statusCode ?? 0)).on("error", reject);
      response.resume();
    });
    sent.on("error", reject).on("timeout", () => sent.destroy(new Error(`${method} ${path}: no answer`)));
    sent.end();
  });
}

/**
 * Visitors of the shop: each searches, looks at a product, watches three, and orders three.
 *
 * @param visitors The numbers of the first and of the last, which is excluded.
 * @returns The number of requests that were answered.
 */
export async function visit(port: number, [first, end]: readonly [number, number]): Promise<number> {
  let next = first;
  let answered = 0;
  const worker = async (): Promise<void> => {
    for (let visitor = next++; visitor < end; visitor = next++) {
      for (const [method, path] of requestsOf(visitor)) {
        const status = await send(port, method, path);
        if (status !== 200) throw new Error(`${method} ${path}: status ${status}`);
        answered++;
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return answered;
}

function requestsOf(visitor: number): [method: string, path: string][] {
  // Two visitors share a computer, and thus a session.
  const page = `/products/${(visitor >> 1) % 50}?session=${visitor >> 1}`;
  const others = [0, 1, 2];
  return [
    ["GET", `/search?q=${["re", "gl", "bl", "wh"][visitor % 4]}`],
    ["GET", page],
    ...others.map((other): [string, string] => ["GET", `/watch/${(visitor + other) % 50}`]),
    ["GET", page],
    ...others.map((other): [string, string] => ["POST", `/orders/${3 * visitor + other}`]),
  ];
}

/** Closes the connections that are kept open. */
export function hangUp(): void {
  agent.destroy();
}
