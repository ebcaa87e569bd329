// acorn parses lodash.
import { parse } from "acorn";
import { type Iteration, packageText } from "./program.ts";

export function prepare(): Iteration {
  const text = packageText("lodash/lodash.js");
  return () => parse(text, { ecmaVersion: 2024, sourceType: "script" });
}
