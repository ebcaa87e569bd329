import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { isForeignSite, isFromThisMachine, isLoopbackName, isOriginOf, nameOfHost } from "./loopback.ts";
import type { CheckedOptions } from "./options.ts";
import { plainResponse } from "./responses.ts";

/** Who asks, and what for. */
export interface Asked {
  readonly request: Request;
  readonly url: URL;
  /** The client's address; null: the server did not say. */
  readonly address: string | null;
}

/** Decides who is served. */
export interface Access {
  /** The answer that refuses the request; null: it may be served. */
  refusal(asked: Asked): Response | null;
  /** The cookie to set for a page that was asked for with `?token=`; null: it was not. */
  cookieFor(asked: Asked): string | null;
}

/**
 * Who is served: with a token whoever shows it; without one, clients on this machine, who asked for it by a name of this
 * machine, so that no page on the internet can make a browser ask (DNS rebinding).
 */
export function createAccess({ token, hosts }: CheckedOptions): Access {
  const cookieName = `tracemalloc-${randomBytes(4).toString("hex")}`;
  const cookieValue = randomBytes(32).toString("hex");

  const isHostAllowed = (name: string): boolean => isLoopbackName(name) || hosts.has(name) || hosts.has("*");
  const mayComeIn = ({ request, url }: Asked): boolean => {
    const bearer = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    const shown = bearer ?? url.searchParams.get("token");
    if (shown !== null && shown !== undefined) return isSame(shown, token!);
    const cookie = cookieOf(request, cookieName);
    return cookie !== null && isSame(cookie, cookieValue);
  };

  return {
    refusal(asked) {
      const { request, url, address } = asked;
      const host = nameOfHost(hostOf(request, url));
      if (host === null || !isHostAllowed(host))
        return refused(
          403,
          `the host ${JSON.stringify(host ?? "")} is not one of this server's: see "hosts"`,
        );
      if (token === null) {
        if (address === null)
          return refused(403, "the client's address is unknown: pass it to the handler, or set a token");
        if (!isFromThisMachine(address, (name) => request.headers.has(name)))
          return refused(403, "only clients on this machine are served: set a token");
      } else if (!mayComeIn(asked)) {
        return refused(401, "a token is needed", { "www-authenticate": 'Bearer realm="tracemalloc"' });
      }
      return crossOrigin(request, url);
    },

    cookieFor({ url }) {
      if (token === null || !url.searchParams.has("token")) return null;
      const secure = url.protocol === "https:" ? "; Secure" : "";
      return `${cookieName}=${cookieValue}; Path=/debug/tracemalloc; HttpOnly; SameSite=Strict${secure}`;
    },
  };
}

/** A request that a page of somebody else has made the browser send. */
function crossOrigin(request: Request, url: URL): Response | null {
  const isForeign = isForeignSite(request.headers.get("sec-fetch-site"));
  const isSafe = request.method === "GET" || request.method === "HEAD";
  if (isSafe) {
    // A link to the page is all right; an image, a script or a form that makes the program work is not.
    const isLink =
      request.headers.get("sec-fetch-mode") === "navigate" && url.pathname === "/debug/tracemalloc/";
    return isForeign && !isLink ? refused(403, "other pages may not ask") : null;
  }
  const origin = request.headers.get("origin");
  // Browsers tell the origin of every request that changes something; who does not is no browser that was tricked, but
  // no page of ours either.
  if (isForeign || origin === null || !isOriginOf(origin, hostOf(request, url)))
    return refused(403, "only this server's own page may do that");
  return null;
}

function hostOf(request: Request, url: URL): string {
  return request.headers.get("host") ?? url.host;
}

function cookieOf(request: Request, name: string): string | null {
  for (const part of (request.headers.get("cookie") ?? "").split(";")) {
    const [key, value] = part.trim().split("=", 2);
    if (key === name && value !== undefined) return value;
  }
  return null;
}

/** In a time that does not depend on how much of it is right. */
function isSame(shown: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(shown), digest(right));
}

function refused(status: number, reason: string, headers: Record<string, string> = {}): Response {
  return plainResponse(status, `tracemalloc: ${reason}\n`, headers);
}
