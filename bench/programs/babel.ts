// @babel/core with preset-env for an old target.
import { transformSync } from "@babel/core";
import { type Iteration, packageText } from "./program.ts";

export function prepare(): Iteration {
  const text = packageText("postcss/lib/parser");
  const options = {
    configFile: false,
    babelrc: false,
    presets: [["@babel/preset-env", { targets: "chrome 60" }]],
  } as const;
  return () => transformSync(text, options as never)?.code?.length;
}
