// Who may ask a development server what a program holds in memory: this machine, and the server's own pages.
import type { IncomingMessage } from "node:http";

/**
 * Whether the request comes over the loopback interface and names this machine. A page elsewhere whose name resolves
 * to 127.0.0.1 names itself in `Host`.
 */
export function isLocalRequest({ socket, headers }: IncomingMessage): boolean {
  const from = socket.remoteAddress ?? "";
  if (!/^(?:::ffff:)?127\.|^::1$/.test(from)) return false;
  return /^(?:localhost|[\w-]+\.localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/i.test(headers.host ?? "");
}

/** Whether a page of the server itself sends this; programs that are no browsers send neither header. */
export function isSameOrigin({ headers }: IncomingMessage): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin") return false;
  const { origin, host } = headers;
  if (origin === undefined) return true;
  return origin === `http://${host}` || origin === `https://${host}`;
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
