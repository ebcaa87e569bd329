/**
 * Profiles and a live page over HTTP, to mount in a server: `/debug/pprof/heap` for `go tool pprof`, Pyroscope, Parca
 * and others, `/debug/tracemalloc/` for people.
 *
 * @example
 * ```ts ignore
 * import { createServer } from "node:http";
 * import { start } from "tracemalloc";
 * import { createNodeHandler } from "tracemalloc/http";
 *
 * start({ nframe: 25, sampling: "adaptive" });
 * createServer(createNodeHandler()).listen(6060, "127.0.0.1");
 * ```
 *
 * @module
 */

export { type ClientInfo, createHandler, type Handler, isOurs } from "./handler.ts";
export { createNodeHandler, type NodeHandler } from "./node_handler.ts";
export type { HttpOptions } from "./options.ts";
