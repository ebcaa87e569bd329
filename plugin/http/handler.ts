import { quietly } from "../../src/tracing.ts";
import { escapeText } from "../../src/vocabulary/escape_text.ts";
import { createAccess } from "./access.ts";
import { ASSETS, assetText, PAGE } from "./assets.ts";
import { controlRoutes } from "./control_routes.ts";
import { heldLineRoute } from "./held_line.ts";
import { createLiveFeed } from "./live_feed.ts";
import { type CheckedOptions, checkOptions, type HttpOptions } from "./options.ts";
import { createProfiles } from "./profiles.ts";
import { plainResponse, response } from "./responses.ts";

/**
 * Who asks, as the server tells it: the address itself, what `Deno.serve` hands to its handlers, or the server that
 * `Bun.serve` does.
 */
export type ClientInfo =
  | string
  | { readonly remoteAddr?: object }
  | { requestIP(request: Request): { readonly address: string } | null };

/** Answers requests below `/debug/`; 404 for all others. */
export type Handler = (request: Request, client?: ClientInfo) => Promise<Response>;

type Route = (request: Request, url: URL) => Response | Promise<Response>;

const INDEX = `tracemalloc
/debug/tracemalloc/              live page
/debug/pprof/heap                gzipped pprof: what is alive, and what was allocated
/debug/pprof/heap?gc=1           after a garbage collection
/debug/pprof/heap?seconds=30     what changes within 30 seconds
/debug/pprof/heap?debug=1        the top lines as text
/debug/pprof/allocs              the same profile, as Go names it
`;

/** Whether the handlers answer for a path. */
export function isOurs(pathname: string): boolean {
  return /^\/debug\/(?:pprof|tracemalloc)(?:\/|$)/.test(pathname);
}

type Routes = Readonly<Record<string, readonly [methods: string, route: Route]>>;

/** What is answered, by path. */
function createRoutes(checked: CheckedOptions): Routes {
  const profiles = createProfiles(checked);
  const feed = createLiveFeed(checked);

  const asset = (name: string): Route => {
    return () => {
      const text = assetText(name);
      if (text === null) return plainResponse(404, `tracemalloc: ${name} is not part of this installation\n`);
      return response(200, text, { "content-type": ASSETS[name]! });
    };
  };
  const marking: Route = (request) => {
    feed.mark(request.method === "POST");
    return response(204, null);
  };
  return {
    "/debug/pprof/": ["GET HEAD", () => plainResponse(200, INDEX)],
    "/debug/pprof/heap": ["GET HEAD", profiles],
    "/debug/pprof/allocs": ["GET HEAD", profiles],
    "/debug/tracemalloc/": [
      "GET HEAD",
      () => response(200, PAGE, { "content-type": "text/html; charset=utf-8" }),
    ],
    "/debug/tracemalloc/live.js": ["GET HEAD", asset("live.js")],
    "/debug/tracemalloc/live.css": ["GET HEAD", asset("live.css")],
    "/debug/tracemalloc/events": ["GET", () => feed.open()],
    "/debug/tracemalloc/mark": ["POST DELETE", marking],
    "/debug/tracemalloc/why": ["POST", heldLineRoute],
    "/debug/tracemalloc/start": ["POST", controlRoutes.start],
    "/debug/tracemalloc/stop": ["POST", controlRoutes.stop],
    "/debug/tracemalloc/snapshot": ["POST", controlRoutes.snapshot],
  };
}

/**
 * Makes a handler for servers that speak `Request` and `Response`: `Deno.serve`, `Bun.serve`, Hono and others.
 *
 * `/debug/pprof/heap` gives the profile, as Go's net/http/pprof does; `/debug/tracemalloc/` is a live page. Without a
 * token only clients on this machine are served.
 *
 * @throws {TypeError | RangeError} when an option has the wrong type, or is out of range.
 *
 * @example
 * ```ts ignore
 * const debug = createHandler();
 * Deno.serve((request, info) => (isOurs(new URL(request.url).pathname) ? debug(request, info) : app(request)));
 * ```
 */
export function createHandler(options: HttpOptions = {}): Handler {
  const checked = checkOptions(options);
  const access = createAccess(checked);
  const routes = createRoutes(checked);

  const answer = async (request: Request, client: ClientInfo | undefined): Promise<Response> => {
    const url = new URL(request.url);
    const asked = { request, url, address: addressOf(request, client) };
    const refusal = access.refusal(asked);
    if (refusal !== null) return refusal;
    const [methods, route] = Object.hasOwn(routes, url.pathname) ? routes[url.pathname]! : ["", null];
    if (route === null) {
      if (url.pathname === "/debug/tracemalloc" || url.pathname === "/debug/pprof")
        return response(308, null, { location: `${url.pathname}/${url.search}` });
      return plainResponse(404, "tracemalloc: not found\n");
    }
    if (!methods.split(" ").includes(request.method))
      return plainResponse(405, "tracemalloc: method not allowed\n", {
        allow: methods.replaceAll(" ", ", "),
      });
    if (hasBody(request))
      return plainResponse(413, "tracemalloc: no body is taken\n", { connection: "close" });
    // The token must not stay in the address, where it would be shown, kept and passed on.
    const cookie = url.pathname === "/debug/tracemalloc/" ? access.cookieFor(asked) : null;
    if (cookie !== null) return response(303, null, { location: url.pathname, "set-cookie": cookie });
    const answered = await route(request, url);
    return request.method === "HEAD" ? new Response(null, answered) : answered;
  };
  return (request, client) =>
    // What is allocated in here is not the program's, even where the program's own code calls.
    quietly(() => answer(request, client)).catch((error: unknown) =>
      plainResponse(
        500,
        `tracemalloc: ${escapeText(error instanceof Error ? error.message : String(error))}\n`,
      ),
    );
}

function hasBody({ headers }: Request): boolean {
  return headers.has("transfer-encoding") || !/^0*$/.test(headers.get("content-length") ?? "");
}

function addressOf(request: Request, client: ClientInfo | undefined): string | null {
  if (typeof client === "string") return client;
  if (typeof client !== "object" || client === null) return null;
  if ("requestIP" in client && typeof client.requestIP === "function")
    return client.requestIP(request)?.address ?? null;
  const { remoteAddr } = client as { remoteAddr?: { hostname?: unknown } };
  return typeof remoteAddr?.hostname === "string" ? remoteAddr.hostname : null;
}
