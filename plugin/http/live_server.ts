import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { warn } from "../preload/warn.ts";
import { createHandler } from "./handler.ts";
import { createNodeHandler } from "./node_handler.ts";
import type { HttpOptions } from "./options.ts";

/** Where the page of a running program is served. */
export interface LiveAddress {
  /** An IP address or a name of this machine. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Must be there for addresses that others can reach. */
  readonly token: string | null;
}

/** Just what is used of Bun's server. */
interface BunServer {
  readonly port: number;
  unref(): void;
  stop(closeActiveConnections: boolean): unknown;
  requestIP(request: Request): { address: string } | null;
}
interface BunHost {
  serve(options: {
    hostname: string;
    port: number;
    idleTimeout: number;
    fetch(request: Request, server: BunServer): Response | Promise<Response>;
  }): BunServer;
}

/** Connections that the server keeps; of more, the one goes that has been idle longest, or else the new one. */
const MOST_CONNECTIONS = 64;

/** People type the address alone. */
const HOME = "/debug/tracemalloc/";

/**
 * Serves the live page from the program's own process, and says once on stderr where. The server and its connections do
 * not keep the program from ending; a port that is taken is a warning, and the program runs as ever.
 *
 * @returns Ends it.
 */
export function serveLive(address: LiveAddress): () => void {
  const { token } = address;
  // Who shows the token may come by any name that the machine has.
  const options: HttpOptions = token === null ? {} : { token, hosts: ["*"] };
  const { Bun: bun } = globalThis as { Bun?: BunHost };
  return bun === undefined ? serveByNode(address, options) : serveByBun(bun, address, options);
}

function serveByNode(address: LiveAddress, options: HttpOptions): () => void {
  const sockets = new Set<Socket>();
  const busy = new Set<Socket>();
  const handler = createNodeHandler(options);
  const server = createServer((request, response) => {
    const { socket } = request;
    busy.add(socket);
    response.on("close", () => {
      busy.delete(socket);
      // To the end: it has been idle for the shortest time.
      if (sockets.delete(socket)) sockets.add(socket);
    });
    if (request.url === "/") response.writeHead(302, { location: HOME }).end();
    else handler(request, response);
  });
  server.on("connection", (socket) => {
    socket.unref();
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    if (sockets.size > MOST_CONNECTIONS) [...sockets].find((each) => !busy.has(each))?.destroy();
  });
  server.on("error", (error) => failed(address, error));
  server.listen(address.port, address.host, () => {
    const { address: host, port } = server.address() as AddressInfo;
    announce(host, port);
  });
  server.unref();
  return () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
}

/** In Bun's `node:http`, open connections keep the program alive whatever is unref'd (1.4); in its own server they do not. */
function serveByBun(bun: BunHost, address: LiveAddress, options: HttpOptions): () => void {
  const handler = createHandler(options);
  try {
    const server = bun.serve({
      hostname: address.host,
      port: address.port,
      idleTimeout: 0,
      fetch(request, self) {
        if (new URL(request.url).pathname === "/")
          return new Response(null, { status: 302, headers: { location: HOME } });
        return handler(request, self);
      },
    });
    server.unref();
    announce(address.host, server.port);
    return () => void server.stop(true);
  } catch (error) {
    failed(address, error);
    return () => {};
  }
}

function announce(host: string, port: number): void {
  warn(`tracemalloc: live at http://${host.includes(":") ? `[${host}]` : host}:${port}${HOME}`);
}

function failed({ host, port }: LiveAddress, error: unknown): void {
  const { code, message } = error as { code?: string; message?: string };
  const reason = code === "EADDRINUSE" ? "the port is taken" : (message ?? String(error));
  warn(`tracemalloc: the live page is not served: ${host}:${port}: ${reason}`);
}
