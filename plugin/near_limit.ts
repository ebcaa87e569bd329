import { currentRuntime } from "../src/capabilities.ts";

/** As far as it is used: https://nodejs.org/api/inspector.html, https://chromedevtools.github.io/devtools-protocol/v8/Debugger */
interface InspectorSession {
  connect(): void;
  disconnect(): void;
  on(event: string, listener: (message: { params: { reason: string } }) => void): void;
  post(method: string, parameters?: object): void;
}

/** Has V8 say when its heap is full. */
export interface LimitWatch {
  /** From now on. Code that makes many promises, or compiles text, takes 1.3 to 8 times as long meanwhile (Node 26.10). */
  arm(): void;
  disarm(): void;
}

/**
 * Has V8 call back when its heap has reached its limit, in the middle of whatever runs: while a debugger is there, V8 raises
 * the limit for a moment and pauses ("OOM", since V8 7.0), and a session of this thread's own hears of it before anything goes on.
 * The pause ends when its listeners return; then the limit is what it was, and the program ends as it would have.
 *
 * @param onLimit Must be synchronous, and not throw.
 * @returns Null where there is no such thing: Deno's sessions answer when the job is over, Bun's do not.
 */
export function watchLimit(onLimit: () => void): LimitWatch | null {
  if (currentRuntime() !== "node") return null;
  let session: InspectorSession | null = null;
  let isArmed = false;
  const disarm = (): void => {
    if (!isArmed) return;
    isArmed = false;
    session?.post("Debugger.disable");
  };
  const arm = (): void => {
    if (isArmed) return;
    try {
      session ??= connect();
      // 0: sources of scripts that are gone are not kept for anybody.
      session.post("Debugger.enable", { maxScriptsCacheSize: 0 });
      isArmed = true;
    } catch {
      // A Node without an inspector, or one that forbids it (`--permission`): the other looks at the heap remain.
    }
  };
  const connect = (): InspectorSession => {
    const { Session } = process.getBuiltinModule("node:inspector") as unknown as {
      Session: new () => InspectorSession;
    };
    const made = new Session();
    made.connect();
    made.on("Debugger.paused", ({ params }) => {
      // Others are the program's own: `debugger;` where somebody has attached a debugger.
      if (params.reason !== "OOM") return;
      onLimit();
      disarm();
    });
    return made;
  };
  return { arm, disarm };
}
