// Browser compatible.

import { hostModule } from "../../host/built_in_modules.ts";
import { host, isPermitted } from "../../host/host.ts";
import { append } from "../../tables/safe_collections.ts";
import { letGoOfLast } from "../../track/objects/stamp.ts";
import { UnwatchedToken } from "../../track/objects/unwatched_token.ts";

interface Inspector {
  Session: new () => InspectorSession;
}

/** As far as it is used: https://nodejs.org/api/inspector.html, https://chromedevtools.github.io/devtools-protocol/v8/Runtime */
interface InspectorSession {
  connect(): void;
  disconnect(): void;
  on(event: string, listener: (message: { params: { context: { id: number } } }) => void): void;
  post(
    method: string,
    parameters: object,
    callback: (error: unknown, result: Record<string, RemoteObject>) => void,
  ): void;
}

interface RemoteObject {
  readonly type?: string;
  readonly objectId?: string;
}

/** A property of the global object, for as long as a walk takes: how the inspector finds our objects. */
const HANDLE = "$tmwalk$";

const LONGEST_MS = 60_000;

// The host's own, whatever a test puts there later to fake the time. Bare realms (`vm`) have none, and no inspector.
const { clearTimeout, setTimeout } = globalThis as {
  clearTimeout?: (timer: unknown) => void;
  setTimeout?: (callback: () => void, milliseconds: number) => unknown;
};

const { defineProperty } = Object;

/** What the inspector calls and reads. */
interface Handle {
  readonly prototype: object;
  take(tokens: readonly UnwatchedToken[]): void;
}

/**
 * Finds the unwatched tokens that are alive, by a walk over the heap (`Runtime.queryObjects`), which collects garbage first. On Node the
 * answer is there when this returns, on Deno later. Takes 2.5 µs for each token (Node 26.10).
 *
 * @param done Gets the tokens, or null where they could not be found.
 */
export function findUnwatchedTokens(done: (tokens: readonly UnwatchedToken[] | null) => void): void {
  let session: InspectorSession | null = null;
  let tokens: readonly UnwatchedToken[] | null = null;
  let timer: unknown;
  let hasEnded = false;
  const end = (): void => {
    if (hasEnded) return;
    hasEnded = true;
    clearTimeout?.(timer);
    delete (globalThis as Record<string, unknown>)[HANDLE];
    session?.disconnect();
    session = null;
    done(tokens);
  };
  const handle: Handle = { prototype: UnwatchedToken.prototype, take: (found) => (tokens = found) };
  letGoOfLast();
  try {
    session = connect();
    if (session === null) {
      end();
      return;
    }
    defineProperty(globalThis, HANDLE, {
      __proto__: null,
      value: handle,
      configurable: true,
    } as PropertyDescriptor);
    walk(session, end);
    // Nobody shall wait for ever for an inspector that does not answer.
    if (!hasEnded) timer = setTimeout?.(end, LONGEST_MS);
  } catch {
    end(); // a host that has no inspector for us
  }
}

function connect(): InspectorSession | null {
  if (host.process?.versions?.bun !== undefined) return null; // Bun 1.4 has the class, and answers no question
  if (!isPermitted({ name: "sys", kind: "inspector" })) return null;
  const inspector = hostModule("node:inspector") as Inspector | undefined;
  if (inspector === undefined) return null;
  const session = new inspector.Session();
  session.connect();
  return session;
}

/** Each question is asked when the one before is answered. `end` is called in any case. */
function walk(session: InspectorSession, end: () => void): void {
  const ask = (
    method: string,
    parameters: object,
    then: (result: Record<string, RemoteObject>) => void,
  ): void =>
    session.post(method, parameters, (error, result) => {
      if (error) end();
      else then(result);
    });
  const objectGroup = "tracemalloc";
  const contexts: number[] = [];
  session.on("Runtime.executionContextCreated", ({ params }) => append(contexts, params.context.id));
  let next = 0;

  // The tracker may have been loaded in a context of its own (Jest): only there is the handle. The main one comes first.
  const findContext = (): void => {
    if (next === contexts.length) {
      end();
      return;
    }
    const contextId = contexts[next++];
    const expression = `typeof ${HANDLE}==="undefined"?0:${HANDLE}`;
    ask("Runtime.evaluate", { expression, contextId, objectGroup }, ({ result: { objectId } }) =>
      objectId === undefined ? findContext() : findPrototype(contextId, objectId),
    );
  };
  const findPrototype = (contextId: number, handle: string): void => {
    const expression = `${HANDLE}.prototype`;
    ask("Runtime.evaluate", { expression, contextId, objectGroup }, ({ result }) =>
      findTokens(handle, result.objectId),
    );
  };
  const findTokens = (handle: string, prototypeObjectId: string | undefined): void =>
    ask("Runtime.queryObjects", { prototypeObjectId, objectGroup }, ({ objects }) =>
      handOver(handle, objects.objectId),
    );
  const handOver = (handle: string, tokens: string | undefined): void => {
    const functionDeclaration = "function(tokens){this.take(tokens)}";
    const parameters = { objectId: handle, functionDeclaration, arguments: [{ objectId: tokens }] };
    ask("Runtime.callFunctionOn", parameters, () => ask("Runtime.releaseObjectGroup", { objectGroup }, end));
  };
  ask("Runtime.enable", {}, findContext);
}

/** Whether tokens can be found here: asked once, by looking. */
let isPossible: boolean | null = null;

/** Whether unwatched tokens can be found in this runtime, as far as can be told without waiting. */
export function canFindUnwatchedTokens(): boolean {
  if (isPossible === null) {
    isPossible = false;
    try {
      const session = connect();
      isPossible = session !== null;
      session?.disconnect();
    } catch {
      // not allowed
    }
  }
  return isPossible;
}
