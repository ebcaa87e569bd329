interface Inspector {
  Session: new () => InspectorSession;
}

/** As far as it is used: https://nodejs.org/api/inspector.html */
interface InspectorSession {
  connect(): void;
  disconnect(): void;
  on(event: string, listener: (message: { params: { chunk: string } }) => void): void;
  post(method: string, parameters: object, callback: (error: unknown) => void): void;
}

/** A heap on the disk, and what `meanwhile` gave. */
export interface WrittenHeap<T> {
  readonly file: string;
  readonly dump: T;
  remove(): void;
}

/**
 * Has V8 write its heap to a temporary file that only its owner can read.
 *
 * @param then Called in the moment in which V8 has finished.
 */
export async function writeHeapSnapshot<T>(then: () => T): Promise<WrittenHeap<T>> {
  const session = await connect();
  const fs = process.getBuiltinModule("node:fs");
  const path = process.getBuiltinModule("node:path");
  const os = process.getBuiltinModule("node:os");
  let folder: string | null = null;
  const remove = (): void => {
    if (folder !== null) fs.rmSync(folder, { recursive: true, force: true });
  };
  try {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "tracemalloc-heap-"));
    const file = path.join(folder, "program.heapsnapshot");
    const descriptor = fs.openSync(file, "wx", 0o600);
    let failure: unknown = null;
    try {
      session.on("HeapProfiler.addHeapSnapshotChunk", ({ params }) => {
        // An error that leaves a listener would be the program's; V8 goes on with its chunks.
        if (failure !== null) return;
        try {
          fs.writeSync(descriptor, params.chunk);
        } catch (error) {
          failure = error;
        }
      });
      const dump = await new Promise<T>((resolve, reject) => {
        const parameters = { captureNumericValue: true, exposeInternals: false };
        session.post("HeapProfiler.takeHeapSnapshot", parameters, (error) => {
          if (error) reject(new Error(`V8 took no heap snapshot: ${(error as Error).message}`));
          else resolve(then());
        });
      });
      if (failure !== null)
        throw new Error(`the heap could not be written to ${file}: ${(failure as Error).message}`);
      return { file, dump, remove };
    } finally {
      fs.closeSync(descriptor);
    }
  } catch (error) {
    remove();
    throw error;
  } finally {
    session.disconnect();
  }
}

async function connect(): Promise<InspectorSession> {
  const { Deno } = globalThis as {
    Deno?: { permissions: { querySync(descriptor: object): { state: string } } };
  };
  // To ask the user would be a change of the program.
  if (
    Deno !== undefined &&
    Deno.permissions.querySync({ name: "sys", kind: "inspector" }).state !== "granted"
  )
    throw new Error("takeHeapReport needs V8's inspector: run Deno with --allow-sys=inspector");
  const inspector = process.getBuiltinModule("node:inspector") as unknown as Inspector | undefined;
  if (inspector === undefined)
    throw new Error("takeHeapReport needs V8's inspector, which this build of the runtime does not have");
  try {
    const session = new inspector.Session();
    session.connect();
    return session;
  } catch (error) {
    throw new Error(
      `takeHeapReport needs V8's inspector, which was refused (with --permission, Node also needs --allow-inspector): ${(error as Error).message}`,
    );
  }
}
