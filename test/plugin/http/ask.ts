// Asks the handlers, as a server would.
import type { ClientInfo, Handler } from "../../../plugin/http/http.ts";

export interface Question {
  method?: string;
  headers?: Record<string, string>;
  /** Default: this machine's. */
  client?: ClientInfo | null;
}

/** One request for a path, from this machine and for this machine unless told otherwise. */
export function ask(
  handler: Handler,
  path: string,
  { method = "GET", headers = {}, client = "127.0.0.1" }: Question = {},
): Promise<Response> {
  // Hosts keep programs from setting some of these headers on a Request of their own.
  const request = {
    method,
    url: `http://localhost:6060${path}`,
    headers: new Headers({ host: "localhost:6060", ...headers }),
    signal: new AbortController().signal,
  } as Request;
  return client === null ? handler(request) : handler(request, client);
}

/** The first event of a stream, which is then left. */
export async function firstEvent(response: Response): Promise<{ [key: string]: unknown }> {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (!text.includes("\n\n")) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the stream ended: ${text}`);
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return JSON.parse(/^data: (.*)$/m.exec(text)![1]!) as { [key: string]: unknown };
}
