import { test } from "node:test";
import { assert, assertEquals, assertFalse } from "@std/assert";
import { start, stop } from "../../../mod.ts";
import { currentRuntime } from "../../../src/host/capabilities.ts";
import { importText, instrumented, type TestModule } from "../../instrumented.ts";

/** Calls of built-in functions that fail by themselves. */
const FAILING = [
  "Object.keys(null)",
  "[].map()",
  "[1, 2].filter(5)",
  'JSON.parse("{bad")',
  '"a".repeat(-1)',
  "Object.entries(undefined)",
  "Array.prototype.flat.call(null)",
  "new Uint8Array(-1)",
  "new ArrayBuffer(-1)",
  "structuredClone(Symbol())",
  "Reflect.ownKeys(1)",
  "Object.fromEntries([1])",
  "Buffer.alloc(-1)",
  "Buffer.from(null)",
];

/** Calls in which the program's own code fails, below a stand-in that nothing announces. */
const CALLING_BACK = [
  "Array.prototype.map.call([1], boom)",
  "const { filter } = Array.prototype; filter.call([1], boom)",
  "[{ toString: boom }].join()",
];

const PRELUDE = `function boom() { throw new Error("boom"); }`;

function moduleOf(expressions: readonly string[]): string {
  const cases = expressions.map(
    (expression, i) => `function case${i}(f) { try { ${expression}; } catch (error) { return f(error); } }`,
  );
  return `${PRELUDE}\n${cases.join("\n")}\nexport const cases = [${cases.map((_, i) => `case${i}`)}];`;
}

const runtime = currentRuntime();

/** The frames from the error up to this file: function names, and lines of the program. */
function frames(stack: string): string[] {
  const lines = stack.split("\n").filter((line) => /^\s+at /.test(line));
  const end = lines.findIndex((line) => line.includes("hide_frames_test"));
  assert(end >= 0, stack);
  return lines
    .slice(0, end)
    .map((line) => line.replace(/(?:file:\/\/)?\/\S+\/(\w+\.mjs):(\d+):\d+/, "$1:$2"));
}

function isProgram(frame: string): boolean {
  return frame.includes("module.mjs");
}

async function traced<T>(text: string, work: (module: TestModule) => T): Promise<T> {
  const module = await instrumented(text);
  start({ nframe: 25 });
  try {
    return work(module);
  } finally {
    stop();
  }
}

const ours = /hide_frames\.ts|builtins?(?:_stand_ins)?\.[jt]s|evaluating '(?:apply|construct|new target)/;

test("an error of a built-in function has no frame of the stand-in's, and the program's line on top", async () => {
  const text = moduleOf(FAILING);
  const stackOf = (error: Error): string => `${error.stack}`;
  const plain = (await importText(text)).cases.map((one: (f: unknown) => string) => one(stackOf));
  const found = await traced(text, ({ cases }) => cases.map((one: (f: unknown) => string) => one(stackOf)));
  for (const [i, expression] of FAILING.entries()) {
    const stack = found[i] as string;
    assertFalse(ours.test(stack), stack);
    // JavaScriptCore's message may quote text, and its untouched stack leaves frames out that have made a tail call.
    if (runtime === "bun") assert(isProgram(stack), stack);
    else if (runtime === "node") assertEquals(frames(stack), frames(plain[i]), expression);
    else assertEquals(frames(stack).filter(isProgram), frames(plain[i]).filter(isProgram), expression);
    if (runtime !== "bun") assertEquals(stack.split("\n")[0], plain[i].split("\n")[0]);
  }
});

test("frames of the program's own code stay where they are", async () => {
  const text = moduleOf(CALLING_BACK);
  const found = await traced(text, ({ cases }) =>
    cases.map((one: (f: unknown) => string) => one((error: Error) => `${error.stack}`)),
  );
  for (const stack of found as string[]) {
    assert(/ at (?:Object\.)?boom .*module\.mjs/.test(stack), stack);
    assert(/ at case\d .*module\.mjs/.test(stack), stack);
    if (runtime !== "bun") assertFalse(ours.test(stack), stack);
  }
});

test("a program's own Error.prepareStackTrace gets its own frames, when it asks for them", async () => {
  const text = moduleOf(["Object.keys(null)", 'JSON.parse("{")', "[].map()"]);
  const before = Error.prepareStackTrace;
  let calls = 0;
  const found = await traced(text, ({ cases }) =>
    cases.map((one: (f: unknown) => unknown) =>
      one((error: Error) => {
        const seen = calls;
        Error.prepareStackTrace = (_, sites) => {
          calls++;
          return sites.map((site) => `${site.getFileName()}`);
        };
        try {
          const stack = error.stack as unknown as string[];
          // Once, and not before it was asked for.
          assertEquals(calls, seen + 1);
          assertEquals(error.stack as unknown, stack);
          return stack;
        } finally {
          if (before === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
          else Error.prepareStackTrace = before;
        }
      }),
    ),
  );
  for (const files of found as string[][]) {
    assert(
      files.some((file) => file.includes("module.mjs")),
      String(files),
    );
    assertFalse(
      files.some((file) => file.includes("/src/track/")),
      String(files),
    );
  }
});

test("message and name may change until the stack is read", {
  skip: runtime === "bun" && "Bun writes both down when a stack is captured anew",
}, async () => {
  const stack = await traced(moduleOf(["Object.keys(null)"]), ({ cases }) =>
    cases[0]((error: Error) => {
      error.message = "other";
      error.name = "Other";
      return error.stack;
    }),
  );
  assertEquals((stack as string).split("\n")[0], "Other: other");
});

test("the property looks and works as the engine's own", async () => {
  const text = moduleOf(["Object.keys(null)"]);
  const looks = (error: Error): unknown => {
    const keys = Object.getOwnPropertyNames(error).sort();
    const heir = Object.create(error) as Error;
    const inherited = `${heir.stack}`.split("\n").length > 1;
    const own = Object.getOwnPropertyDescriptor(error, "stack")!;
    error.stack = "mine";
    const copy = structuredClone(error);
    return [keys, inherited, own.enumerable, own.configurable, error.stack, copy.stack, Object.keys(error)];
  };
  const plain: unknown = (await importText(text)).cases[0](looks);
  assertEquals(await traced(text, ({ cases }) => cases[0](looks) as unknown), plain);
});

test("a stack that is captured again, and an error that is thrown again, are as they were", async () => {
  const text = moduleOf(["Object.keys(null)"]);
  await traced(text, ({ cases }) => {
    let kept: Error | null = null;
    cases[0]((error: Error) => (kept = error));
    const first = kept!.stack;
    try {
      throw kept;
    } catch (error) {
      assertEquals((error as Error).stack, first);
    }
    Error.captureStackTrace(kept!);
    assert(kept!.stack !== first && /hide_frames_test/.test(kept!.stack!), kept!.stack);
  });
});
