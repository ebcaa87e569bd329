// `/__tracemalloc/` on Vite's development server: asks the page for a snapshot and shows it.
import type { IncomingMessage, ServerResponse } from "node:http";
import { Snapshot } from "../../mod.ts";
import { escapeText } from "../../src/vocabulary/escape_text.ts";
import { isEmbedded, isLocalRequest, isSameOrigin, readBody } from "../http/local_request.ts";
import { renderNotice, renderReport } from "./live_page.ts";

type Next = () => void;

/** The parts of Vite's development server that are used here. */
export interface LiveServer {
  config: { root: string };
  middlewares: {
    use(handler: (request: IncomingMessage, response: ServerResponse, next: Next) => void): unknown;
  };
  ws: { clients: ReadonlySet<unknown>; send(event: string, payload: unknown): void };
}

/** How long a look at the page waits for a fresh snapshot before it shows the last one. */
const PATIENCE_MS = 10_000;
/** Compressed; a snapshot of a large page has some hundred KiB. */
const MOST_BYTES = 32 * 1024 * 1024;

const PATH = "/__tracemalloc/";

/** Puts the live page on the server. */
export function serveLive(server: LiveServer): void {
  const ask = (id: number): boolean => {
    if (server.ws.clients.size > 0) server.ws.send("tracemalloc:ask", { id });
    return server.ws.clients.size > 0;
  };
  const live = new Live(ask, server.config.root);
  server.middlewares.use((request, response, next) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    if (!pathname.startsWith(PATH)) return next();
    const refresh = searchParams.get("refresh") ?? "";
    // The report keeps what it shows in the address's fragment, which stays.
    if (/^[1-9]\d{0,3}$/.test(refresh)) response.setHeader("refresh", refresh);
    live.handle(pathname.slice(PATH.length), request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
}

class Live {
  /** Gives whether there is a page that may answer. */
  readonly #ask: (id: number) => boolean;
  /** The project's folder. */
  readonly #root: string;
  #lastId = 0;
  #bytes: Uint8Array | null = null;
  #snapshot: Snapshot | null = null;
  #notice = "No page of this server has sent a snapshot yet: open the application in another tab.";
  #waiting: (() => void)[] = [];

  constructor(ask: (id: number) => boolean, root: string) {
    this.#ask = ask;
    this.#root = root;
  }

  async handle(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isLocalRequest(request)) return end(response, 403, "only for this machine");
    if (request.method === "POST") return this.#take(name, request, response);
    if (request.method !== "GET") return end(response, 405, "GET or POST");
    if (isEmbedded(request)) return end(response, 403, "other pages may not ask");
    if (name === "") {
      await this.#refresh();
      const { html, policy } =
        this.#snapshot === null ? renderNotice(this.#notice) : renderReport(this.#snapshot, this.#root);
      return end(response, 200, html, { type: "text/html; charset=utf-8", policy });
    }
    if (name !== "snapshot.pb.gz") return end(response, 404, "not found");
    await this.#refresh();
    if (this.#bytes === null) return end(response, 404, this.#notice);
    end(response, 200, this.#bytes, { type: "application/octet-stream" });
  }

  /** Asks all open pages; the first answer counts. */
  async #refresh(): Promise<void> {
    if (!this.#ask(++this.#lastId)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PATIENCE_MS);
      timer.unref();
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async #take(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isSameOrigin(request)) return end(response, 403, "only from pages of this server");
    if (name === "not-tracing") {
      this.#snapshot = this.#bytes = null;
      this.#notice = "The page is not tracing: it has not called start(), or has called stop().";
    } else if (name === "snapshot") {
      const bytes = await readBody(request, MOST_BYTES);
      if (bytes === null) return end(response, 413, `a snapshot has at most ${MOST_BYTES} bytes`);
      try {
        this.#snapshot = Snapshot.fromBytes(bytes);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return end(response, 400, `no snapshot: ${escapeText(reason)}`);
      }
      this.#bytes = bytes;
    } else return end(response, 404, "not found");
    end(response, 204, "");
    for (const tell of this.#waiting.splice(0)) tell();
  }
}

function end(
  response: ServerResponse,
  status: number,
  body: string | Uint8Array,
  { type = "text/plain; charset=utf-8", policy = "default-src 'none'" } = {},
): void {
  response.writeHead(status, {
    "content-type": type,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": `${policy}; frame-ancestors 'none'`,
  });
  response.end(body);
}
