// Browser compatible.
import { hostModule } from "../../host/built_in_modules.ts";
import { host } from "../../host/host.ts";

/** As far as it is used: https://nodejs.org/api/inspector.html, https://chromedevtools.github.io/devtools-protocol/v8/Runtime */
interface InspectorSession {
  connect(): void;
  disconnect(): void;
  on(event: string, listener: (message: { params: { context: { id: number } } }) => void): void;
  post(method: string, parameters: object, callback: (error: unknown, result: Answer) => void): void;
}

interface RemoteObject {
  readonly type?: string;
  readonly objectId?: string;
}

interface Answer {
  readonly result?: RemoteObject;
  readonly objects?: RemoteObject;
  readonly internalProperties?: readonly { readonly name: string; readonly value?: RemoteObject }[];
}

/** A property of the global object, for as long as questions are asked: how the inspector finds our objects. */
const HANDLE = "$tmheap$";
const GROUP = { objectGroup: "tracemalloc" } as const;

/** What the inspector calls and reads. */
interface Handle {
  subject: object;
  take(answer: unknown): void;
}

/** What is asked of the heap, and answered within the job. */
export interface HeapQuestions {
  /** The entries of a WeakMap whose keys are alive, in an array without a prototype. Collect garbage first. */
  entriesOf(map: WeakMap<object, unknown>): ArrayLike<{ readonly key: object; readonly value: unknown }>;
  /** All objects with this prototype; garbage is collected first. */
  objectsWith(prototype: object): ArrayLike<object>;
}

/**
 * Asks V8 what is in its heap, where it answers at once: on Node. (Deno's sessions answer when the job is over, Bun's do not.)
 *
 * @returns What `ask` gives; null where the heap cannot be asked.
 */
export function askHeap<T extends object>(ask: (heap: HeapQuestions) => T): T | null {
  if (host.Deno !== undefined || host.process?.versions?.bun !== undefined) return null;
  let session: InspectorSession | null = null;
  try {
    const inspector = hostModule("node:inspector") as { Session: new () => InspectorSession } | undefined;
    if (inspector === undefined) return null;
    session = new inspector.Session();
    session.connect();
    return ask(questions(session));
  } catch {
    return null; // a host that has no inspector for us (`--permission`), or one that answers otherwise
  } finally {
    delete (globalThis as Record<string, unknown>)[HANDLE];
    session?.disconnect();
  }
}

function questions(session: InspectorSession): HeapQuestions {
  let taken: unknown;
  const handle: Handle = { subject: {}, take: (answer) => (taken = answer) };
  Object.defineProperty(globalThis, HANDLE, { value: handle, configurable: true });
  const ask = (method: string, parameters: object): Answer => {
    let answer: Answer | undefined;
    session.post(method, { ...GROUP, ...parameters }, (error, result) => {
      if (!error) answer = result;
    });
    if (answer === undefined) throw new Error(`${method}: no answer`);
    return answer;
  };
  // The tracker may have been loaded in a context of its own: only there is the handle. The main one is the first.
  const contexts: number[] = [];
  session.on("Runtime.executionContextCreated", ({ params }) => contexts.push(params.context.id));
  session.post("Runtime.enable", {}, () => {});
  const evaluate = (expression: string, contextId: number): string | undefined =>
    ask("Runtime.evaluate", { expression, contextId }).result?.objectId;
  const found = `typeof ${HANDLE}==="undefined"?0:${HANDLE}`;
  const context = contexts.sort((a, b) => a - b).find((id) => evaluate(found, id) !== undefined);
  if (context === undefined) throw new Error("no context has the handle");

  const handOver = <T>(objectId: string | undefined): T => {
    const functionDeclaration = "function(answer){this.take(answer)}";
    const own = evaluate(HANDLE, context);
    ask("Runtime.callFunctionOn", { objectId: own, functionDeclaration, arguments: [{ objectId }] });
    ask("Runtime.releaseObjectGroup", {});
    const answer = taken as T;
    taken = undefined;
    return answer;
  };
  const subjectId = (subject: object): string | undefined => {
    handle.subject = subject;
    return evaluate(`${HANDLE}.subject`, context);
  };
  return {
    entriesOf: (map) => {
      const { internalProperties = [] } = ask("Runtime.getProperties", {
        objectId: subjectId(map),
        ownProperties: true,
      });
      const entries = internalProperties.find(({ name }) => name === "[[Entries]]");
      return handOver(entries?.value?.objectId);
    },
    objectsWith: (prototype) =>
      handOver(ask("Runtime.queryObjects", { prototypeObjectId: subjectId(prototype) }).objects?.objectId),
  };
}
