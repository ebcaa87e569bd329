/** On every answer: nothing is kept, embedded, sniffed or told to others. */
const SECURITY: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** Something for the body of a response. */
export type Body = string | Uint8Array | ReadableStream<Uint8Array> | null;

/** A response with all security headers. */
export function response(status: number, body: Body, headers: Record<string, string> = {}): Response {
  return new Response(body as ConstructorParameters<typeof Response>[0], {
    status,
    headers: { ...SECURITY, ...headers },
  });
}

/** A response of plain text. */
export function plainResponse(status: number, text: string, headers: Record<string, string> = {}): Response {
  return response(status, text, { "content-type": "text/plain; charset=utf-8", ...headers });
}
