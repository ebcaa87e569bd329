import type { IncomingMessage, ServerResponse } from "node:http";
import { quietly } from "../../src/tracing.ts";
import { createHandler, type Handler, isOurs } from "./handler.ts";
import type { HttpOptions } from "./options.ts";

/** A listener for `http.createServer`, and middleware for Express and others of its kind. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse, next?: () => void) => void;

/**
 * Makes a handler for Node's `http`, Express, and Fastify's `request.raw` and `reply.raw`.
 *
 * Requests for other paths go to `next`; without one, they are answered with 404.
 *
 * @throws {TypeError | RangeError} when an option has the wrong type, or is out of range.
 *
 * @example
 * ```ts ignore
 * const app = express();
 * app.use(createNodeHandler());
 * ```
 */
export function createNodeHandler(options: HttpOptions = {}): NodeHandler {
  const handler = createHandler(options);
  return (request, response, next) => {
    const path = pathOf(request);
    if (next !== undefined && (path === null || !isOurs(path))) next();
    else void respond(handler, request, response);
  };
}

/** Express cuts off what it was mounted at. */
function targetOf(request: IncomingMessage): string {
  return (request as { originalUrl?: string }).originalUrl ?? request.url ?? "/";
}

function pathOf(request: IncomingMessage): string | null {
  return urlOf(request)?.pathname ?? null;
}

function urlOf(request: IncomingMessage): URL | null {
  const target = targetOf(request);
  // `//host/path` and `http://host/path` would bring a host of their own.
  if (!target.startsWith("/") || target.startsWith("//")) return null;
  const protocol = (request.socket as { encrypted?: boolean }).encrypted === true ? "https" : "http";
  // Whose name it is says the Host header alone: a request without one must not pass for one to `localhost`.
  const url = `${protocol}://host.invalid${target}`;
  return URL.canParse(url) ? new URL(url) : null;
}

async function respond(handler: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const leave = new AbortController();
  quietly(() => response.on("close", () => leave.abort()));
  try {
    const asked = requestOf(request, leave.signal);
    if (asked === null) {
      response.writeHead(400, { connection: "close" }).end();
      return;
    }
    const answer = await handler(asked, request.socket.remoteAddress);
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body === null) response.end();
    else await pass(answer.body, response, leave.signal);
  } catch {
    // Whoever asked has gone, or the server is closing.
    response.destroy();
  }
}

/** Without its body: none is taken. */
function requestOf(request: IncomingMessage, signal: AbortSignal): Request | null {
  const url = urlOf(request);
  if (url === null) return null;
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || name.startsWith(":")) continue;
    headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const authority = request.headers[":authority"];
  if (!headers.has("host") && typeof authority === "string") headers.set("host", authority);
  // `Request` itself refuses to bear some headers (Host, Cookie, Origin) in some hosts: what is read is read off these.
  const { method = "GET" } = request;
  return { method, url: url.href, headers, signal } as Request;
}

async function pass(
  body: ReadableStream<Uint8Array>,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const reader = body.getReader();
  const leave = (): void => void reader.cancel().catch(() => {});
  quietly(() => signal.addEventListener("abort", leave));
  if (signal.aborted) leave();
  for (;;) {
    const { done, value } = await reader.read();
    if (done || signal.aborted) break;
    if (!response.write(value)) await drained(response, signal);
  }
  response.end();
}

function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    quietly(() => {
      response.once("drain", resolve);
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  });
}
