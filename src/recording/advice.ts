// Browser compatible.

// In pages, `advice_in_page.ts` takes its place ("browser" of package.json).

/** How a program is started so that its code is instrumented. */
export function howToInstrument(): string {
  const host = globalThis as { Bun?: unknown; Deno?: unknown; process?: { versions?: { node?: string } } };
  if (host.Bun !== undefined) return "run: bun --preload tracemalloc/register app.ts";
  if (host.Deno !== undefined) return "run: deno run -A --preload npm:tracemalloc/register app.ts";
  if (host.process?.versions?.node !== undefined) return "run: node --import tracemalloc/register app.js";
  return "build the page with one of the tracemalloc/unplugin plugins";
}
