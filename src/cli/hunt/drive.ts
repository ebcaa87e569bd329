import { Agent, type IncomingMessage, type RequestOptions, request as requestHttp } from "node:http";
import { request as requestHttps, Agent as SecureAgent } from "node:https";
import type { HuntAnswers } from "../../report/views/hunt.ts";
import { numbered, type RequestTemplate } from "./requests.ts";

/** What became of requests, or calls. */
export interface Answers {
  /** Answered with 2xx. */
  good: number;
  /** By what was wrong: a status, or why there was no answer. */
  readonly bad: Map<string, number>;
  /** Sent again, since the server had closed the connection that was kept open for them. */
  retried: number;
}

export function noAnswers(): Answers {
  return { good: 0, bad: new Map(), retried: 0 };
}

/** The same as data. */
export function plainAnswers({ good, bad, retried }: Answers): HuntAnswers {
  return { good, bad: Object.fromEntries(bad), retried };
}

/** How requests are sent. */
export interface DriveOptions {
  readonly concurrency: number;
  readonly timeoutMs: number;
  /** Whether every status is as good as 2xx. */
  readonly anyStatus: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** The connections of one round. */
interface Agents {
  readonly "http:": Agent;
  readonly "https:": SecureAgent;
}

/**
 * Sends requests by turns, so many at a time; waits for each answer to the end. Connections are kept open meanwhile, and closed in the end: what a
 * server keeps for those that are open is no leak.
 *
 * @param range The numbers of the first request and of the last, which is excluded.
 */
export async function drive(
  templates: readonly RequestTemplate[],
  [first, end]: readonly [number, number],
  answers: Answers,
  { concurrency, onAnswer, ...options }: DriveOptions & { readonly onAnswer: () => void },
): Promise<void> {
  const agents = agentsFor(concurrency);
  let next = first;
  const worker = async (): Promise<void> => {
    for (let number = next++; number < end && !options.signal.aborted; number = next++) {
      const wanted = numbered(templates[number % templates.length], number);
      const outcome = await answered(wanted, agents, options, answers);
      if (options.signal.aborted) return;
      if (outcome === null) answers.good++;
      else answers.bad.set(outcome, (answers.bad.get(outcome) ?? 0) + 1);
      onAnswer();
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(concurrency, end - first) }, worker));
  } finally {
    agents["http:"].destroy();
    agents["https:"].destroy();
  }
}

/** Sends one request; null: the answer is good, else what was wrong with it. */
export async function ask(
  wanted: RequestTemplate,
  options: Omit<DriveOptions, "concurrency">,
): Promise<string | null> {
  const agents = agentsFor(1);
  try {
    return await answered(wanted, agents, options, noAnswers());
  } finally {
    agents["http:"].destroy();
    agents["https:"].destroy();
  }
}

function agentsFor(concurrency: number): Agents {
  const options = { keepAlive: true, maxSockets: concurrency };
  // It is this machine's own server, whose certificate nobody has signed.
  return {
    "http:": new Agent(options),
    "https:": new SecureAgent({ ...options, rejectUnauthorized: false }),
  };
}

async function answered(
  wanted: RequestTemplate,
  agents: Agents,
  options: Omit<DriveOptions, "concurrency">,
  answers: Answers,
): Promise<string | null> {
  for (let attempt = 0; ; attempt++) {
    const { outcome, isStale } = await send(wanted, agents, options);
    if (!isStale || attempt === 2) return outcome;
    answers.retried++;
  }
}

interface Sent {
  readonly outcome: string | null;
  /** Whether a connection was used that the server had just closed, as it may. */
  readonly isStale: boolean;
}

function send(
  { method, url, body }: RequestTemplate,
  agents: Agents,
  { timeoutMs, anyStatus, headers, signal }: Omit<DriveOptions, "concurrency">,
): Promise<Sent> {
  return new Promise((resolve) => {
    const end = (outcome: string | null, isStale = false): void => resolve({ outcome, isStale });
    const { protocol } = new URL(url);
    const isSecure = protocol === "https:";
    const length = body === null ? undefined : Buffer.byteLength(body);
    const type = body !== null && /^[{[]/.test(body) ? "application/json" : "text/plain";
    const options: RequestOptions = {
      method,
      agent: agents[isSecure ? "https:" : "http:"],
      headers: {
        ...(length !== undefined && { "content-type": type, "content-length": length }),
        ...headers,
      },
      signal,
    };
    const onAnswer = (response: IncomingMessage): void => {
      const status = response.statusCode ?? 0;
      response.on("end", () => {
        clearTimeout(timer);
        end(anyStatus || (status >= 200 && status < 300) ? null : `status ${status}`);
      });
      response.on("error", () => end("the answer broke off"));
      response.resume();
    };
    const sent = isSecure ? requestHttps(url, options, onAnswer) : requestHttp(url, options, onAnswer);
    const timer = setTimeout(() => {
      end(`no answer within ${timeoutMs / 1000} s`);
      sent.destroy();
    }, timeoutMs);
    sent.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const isStale = sent.reusedSocket === true && (error.code === "ECONNRESET" || error.code === "EPIPE");
      end(reasonOf(error), isStale);
    });
    sent.end(body ?? undefined);
  });
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ECONNREFUSED") return "connection refused";
  if (code === "ECONNRESET" || code === "EPIPE") return "connection closed";
  return code ?? message;
}
