import { readFileSync } from "node:fs";
import { InputError, systemReason, UsageError } from "../cli_error.ts";

/** A request to send; `{n}` in its address and its body stands for the number of the request. */
export interface RequestTemplate {
  readonly method: string;
  readonly url: string;
  readonly body: string | null;
}

/** The number of the request. */
const NUMBER = "{n}";

/**
 * The requests of `--url` and `--requests-file`, which are sent by turns.
 *
 * @throws {UsageError} where one is no request, or goes to another machine although `allowRemote` is not given.
 */
export function requestsOf(
  urls: readonly string[],
  file: string | undefined,
  allowRemote: boolean,
): RequestTemplate[] {
  const given = urls.map((text) => parsed(text, undefined, "--url"));
  const listed = file === undefined ? [] : readList(file, given[0]?.url);
  const all = listed.length > 0 ? listed : given;
  for (const { url } of all) checkHost(url, allowRemote);
  return all;
}

/** A line each: `GET /products/{n}`, or `POST /orders {"id": {n}}`; paths are those of the first `--url`. */
function readList(file: string, base: string | undefined): RequestTemplate[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw new InputError(`cannot read ${file}: ${reason}`);
  }
  const found = text.split("\n").flatMap((line, index) => {
    const content = line.trim();
    return content === "" || content.startsWith("#") ? [] : [parsed(content, base, `${file}:${index + 1}`)];
  });
  if (found.length === 0)
    throw new UsageError(`--requests-file ${file} has no request: GET /path, one a line`);
  return found;
}

function parsed(text: string, base: string | undefined, where: string): RequestTemplate {
  const [, method = "GET", address, body] = /^(?:([A-Z]+)\s+)?(\S+)(?:\s+(.*))?$/s.exec(text.trim()) ?? [];
  try {
    // With a number in its place, as braces would be escaped.
    const url = new URL((address ?? "").replaceAll(NUMBER, "0"), base?.replaceAll(NUMBER, "0"));
    if (url.protocol !== "http:" && url.protocol !== "https:") throw new TypeError();
    const isWhole = /^https?:/i.test(address);
    const whole = isWhole ? address : `${url.origin}${address.startsWith("/") ? "" : "/"}${address}`;
    return { method, url: whole, body: body ?? null };
  } catch {
    const hint = base === undefined && address?.startsWith("/") === true ? " (paths need a --url)" : "";
    throw new UsageError(
      `${where} must be an address like http://127.0.0.1:3000/, with a method before it if it is not GET, not ${JSON.stringify(text)}${hint}`,
    );
  }
}

/** Only what this machine serves to itself: hundreds of requests at once are an attack elsewhere. */
function checkHost(url: string, allowRemote: boolean): void {
  const { hostname } = new URL(url.replaceAll(NUMBER, "0"));
  const isLoopback =
    hostname === "localhost" || hostname === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
  if (isLoopback || allowRemote) return;
  throw new UsageError(
    `${url} is not on this machine (127.0.0.1, ::1, localhost): --allow-remote drives it all the same`,
  );
}

/** Such a request with its number in it. */
export function numbered({ method, url, body }: RequestTemplate, number: number): RequestTemplate {
  const put = (text: string): string => text.replaceAll(NUMBER, String(number));
  return { method, url: put(url), body: body === null ? null : put(body) };
}
