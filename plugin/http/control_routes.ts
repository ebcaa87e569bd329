import { getTracebackLimit, isTracing, type StartOptions } from "../../mod.ts";
import { MAX_NFRAME } from "../../src/vocabulary/start_options.ts";
import { snapshotsWaiting, startOnRequest, stopOnRequest, writeRequested } from "../control/control.ts";
import { NOT_TRACING } from "./profiles.ts";
import { plainResponse, response } from "./responses.ts";

type Route = (request: Request, url: URL) => Response | Promise<Response>;

/** Each holds up the program for as long as it takes to collect garbage and write. */
const MOST_WAITING = 2;

/** What may be asked of the tracer itself: starts it, stops it, has it write a snapshot to a file of this machine. */
export const controlRoutes: Readonly<Record<"start" | "stop" | "snapshot", Route>> = {
  start(_request, { searchParams }) {
    const options = optionsOf(searchParams);
    if (typeof options === "string") return plainResponse(400, `tracemalloc: ${options}\n`);
    startOnRequest(options);
    return state();
  },
  stop() {
    stopOnRequest();
    return state();
  },
  async snapshot() {
    if (!isTracing()) return plainResponse(503, NOT_TRACING);
    if (snapshotsWaiting() >= MOST_WAITING)
      return plainResponse(503, "tracemalloc: snapshots are being written\n", { "retry-after": "10" });
    const written = await writeRequested({ says: false });
    const workers = (await written?.workers()) ?? [];
    return json({ file: written?.file ?? null, ...(workers.length > 0 && { workers }) });
  },
};

/** What is traced now: while it was, `start` has changed nothing. */
function state(): Response {
  return json({ isTracing: isTracing(), nframe: isTracing() ? getTracebackLimit() : null });
}

function json(value: object): Response {
  return response(200, `${JSON.stringify(value)}\n`, { "content-type": "application/json" });
}

/** The options; a text says what is wrong with them. */
function optionsOf(params: URLSearchParams): StartOptions | string {
  const options: StartOptions = {};
  const nframe = params.get("nframe");
  if (nframe !== null) {
    options.nframe = /^\d{1,5}$/.test(nframe) ? Number(nframe) : 0;
    if (options.nframe < 1 || options.nframe > MAX_NFRAME)
      return `nframe must be a whole number from 1 to ${MAX_NFRAME}`;
  }
  const sampling = params.get("sampling");
  if (sampling === "exact" || sampling === "adaptive") options.sampling = sampling;
  else if (sampling !== null) {
    options.sampling = /^\d{1,15}$/.test(sampling) ? Number(sampling) : 0;
    if (options.sampling < 1)
      return "sampling must be exact, adaptive, or a mean number of bytes between samples, 1 or more";
  }
  return options;
}
