// prettier formats a parser.
import * as babel from "prettier/plugins/babel";
import * as estree from "prettier/plugins/estree";
import { format } from "prettier/standalone";
import { type Iteration, packageText } from "./program.ts";

export function prepare(): Iteration {
  const text = packageText("postcss/lib/parser");
  return () => format(text, { parser: "babel", plugins: [babel, estree as never] });
}
