// Who may ask a development server what a program holds in memory: this machine, and the server's own pages.
import type { IncomingMessage } from "node:http";
import { isForeignSite, isFromThisMachine, isLoopbackName, isOriginOf, nameOfHost } from "./loopback.ts";

/**
 * Whether the request comes over the loopback interface, not from a proxy, and names this machine: a page elsewhere whose
 * name resolves to 127.0.0.1 names itself in `Host`.
 */
export function isLocalRequest({ socket, headers }: IncomingMessage): boolean {
  if (!isFromThisMachine(socket.remoteAddress ?? "", (name) => name in headers)) return false;
  const name = nameOfHost(headers.host ?? "") ?? "";
  return isLoopbackName(name) || name.endsWith(".localhost");
}

/** Whether a page of the server itself sends this: browsers tell the origin of every request that changes something. */
export function isSameOrigin({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  if (isForeignSite(headers["sec-fetch-site"] as string | undefined)) return false;
  return origin !== undefined && host !== undefined && isOriginOf(origin, host);
}

/** Whether another page has the browser ask, for something else than to go there. */
export function isEmbedded({ headers }: IncomingMessage): boolean {
  return (
    isForeignSite(headers["sec-fetch-site"] as string | undefined) && headers["sec-fetch-mode"] !== "navigate"
  );
}

/** The body, or null when it has more than `most` bytes. */
export async function readBody(request: IncomingMessage, most: number): Promise<Uint8Array | null> {
  if (Number(request.headers["content-length"]) > most) return null;
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > most) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
