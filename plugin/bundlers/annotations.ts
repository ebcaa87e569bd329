// Notes to tree shaking in instrumented code: `/*#__PURE__*/ f()` becomes `/*#__PURE__*/ (…, f())`, of which Rollup and Rolldown say
// that they cannot use it. That is so, and nothing that anybody could mend.
import type { TransformedCode } from "./build_transform.ts";

/** The parts of a log of Rollup's and Rolldown's that are read here. */
interface Log {
  code?: string | undefined;
  id?: string | undefined;
}

/** A transform, and what leaves out the logs that are about its code. */
export interface QuietTransform<This> {
  handler(this: This, code: string, id: string): TransformedCode | null;
  /** The hook of Rollup, Rolldown and Vite: `false` drops the log. */
  onLog(level: string, log: Log): false | undefined;
}

/** Remembers which modules a transform has changed. */
export function withoutAnnotationLogs<This>(
  transform: (this: This, code: string, id: string) => TransformedCode | null,
): QuietTransform<This> {
  const changed = new Set<string>();
  return {
    handler(code, id) {
      const result = transform.call(this, code, id);
      if (result !== null) changed.add(id);
      return result;
    },
    onLog: (_, { code, id }) =>
      code === "INVALID_ANNOTATION" && id !== undefined && changed.has(id) ? false : undefined,
  };
}
