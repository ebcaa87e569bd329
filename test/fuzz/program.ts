import { Choices } from "./choices.ts";
import { statement } from "./statements.ts";

export interface Program {
  readonly source: string;
  readonly sourceType: "script" | "commonjs";
}

/** A program that ends: loops are bounded, and calls count down the fuel that `prelude.ts` hands out. */
export function makeProgram(bytes: ArrayLike<number>): Program {
  const c = new Choices(bytes);
  const isStrict = c.oneIn(4);
  const sourceType = c.pick(["script", "commonjs"] as const);
  const place = {
    depth: 5,
    isStrict,
    isAsync: false,
    isGenerator: false,
    inFunction: false,
    hasSuper: false,
    isInitialiser: false,
    labels: [],
  };
  const parts: string[] = [];
  for (let n = 0; n < 14 && !c.isExhausted; n++) {
    const text = statement(c, place);
    parts.push(c.oneIn(4) ? text : `try { ${text} } catch (e) { L(e) }`);
  }
  // What the program has declared is called, too.
  for (const text of ["J(f)", "J(g)", "J(h)", "L(new A(1)).m(2)", "L(new B()).m()", "J(a)", "J(d.m)"]) {
    parts.push(`try { L(${text}) } catch (e) { L(e) }`);
  }
  parts.push("L([a, b, c, d, f, g, h].map((x) => typeof x));");
  const directive = isStrict ? c.pick(['"use strict";', "'use strict'\n"]) : "";
  return { source: directive + parts.join(c.pick(["\n", " "])), sourceType };
}
