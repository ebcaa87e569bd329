// What tells requests of this machine from those that others have made a browser send. Shared by `tracemalloc/http` and
// Vite's live page.

/** Headers by which a proxy tells for whom it asks. */
const FORWARDED = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/** Whether the client is on this machine: one that a proxy has passed on may be anywhere. */
export function isFromThisMachine(address: string, has: (header: string) => boolean): boolean {
  return isLoopbackAddress(address) && !FORWARDED.some(has);
}

/** The name in a Host header, without port and brackets; null: there is none that is one. */
export function nameOfHost(header: string): string | null {
  const [, v6, name] = /^(?:\[([\da-f:.]+)\]|([a-z\d._-]+))(?::\d{1,5})?$/i.exec(header) ?? [];
  return (v6 ?? name)?.toLowerCase() ?? null;
}

/** Whether the name is of this machine whoever resolves it. */
export function isLoopbackName(name: string): boolean {
  return name === "localhost" || isLoopbackAddress(name);
}

/** 127.0.0.0/8, ::1, and the former written as IPv6. */
export function isLoopbackAddress(address: string): boolean {
  return address === "::1" || /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/i.test(address);
}

/** Whether `Sec-Fetch-Site` says that a page of another origin asks. */
export function isForeignSite(site: string | null | undefined): boolean {
  return site === "cross-site" || site === "same-site";
}

/** Whether an Origin header names the host that the request is sent to. */
export function isOriginOf(origin: string, host: string): boolean {
  try {
    return new URL(origin).host === host.toLowerCase();
  } catch {
    return false; // "null", as a sandboxed page has it
  }
}
