import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { warn } from "../warn.ts";
import { createNodeHandler } from "./node_handler.ts";

/** Where the page of a running program is served. */
export interface LiveAddress {
  /** An IP address or a name of this machine. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Must be there for addresses that others can reach. */
  readonly token: string | null;
}

/**
 * Serves the live page from the program's own process, and says once on stderr where. The server and its connections do
 * not keep the program from ending; a port that is taken is a warning, and the program runs as ever.
 *
 * @returns Ends it.
 */
export function serveLive({ host, port, token }: LiveAddress): () => void {
  const sockets = new Set<Socket>();
  // Who shows the token may come by any name that the machine has.
  const handler = createNodeHandler(token === null ? {} : { token, hosts: ["*"] });
  const server: Server = createServer((request, response) => {
    // People type the address alone.
    if (request.url === "/") response.writeHead(302, { location: "/debug/tracemalloc/" }).end();
    else handler(request, response);
  });
  server.on("connection", (socket) => {
    socket.unref();
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("error", (error: NodeJS.ErrnoException) => {
    const reason = error.code === "EADDRINUSE" ? "the port is taken" : error.message;
    warn(`tracemalloc: the live page is not served: ${host}:${port}: ${reason}`);
  });
  server.listen(port, host, () => {
    const { address, family, port: taken } = server.address() as AddressInfo;
    const name = family === "IPv6" ? `[${address}]` : address;
    warn(`tracemalloc: live at http://${name}:${taken}/debug/tracemalloc/`);
  });
  server.unref();
  return () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
}
