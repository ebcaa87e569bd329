// A text that is instrumented and run while its memory is traced, with five frames.
import { start, stop } from "../mod.ts";
import { instrumented, type TestModule } from "./instrumented.ts";

/** Has work done with what the text exports; tracing ends with it. */
export async function tracingProgram(
  text: string,
  work: (program: TestModule) => Promise<void> | void,
): Promise<void> {
  start(5);
  try {
    await work(await instrumented(text));
  } finally {
    stop();
  }
}
