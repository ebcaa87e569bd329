// What `tracemalloc/register` is in the package: the build puts it in the place of `register_node.js`, whose own code is then
// in `register_plain.js`. As the first that a process of Node loads it takes one file, with all that a start needs, where
// there are a hundred; see `share_modules.ts`. Nobody else could load the modules of that file one by one as well: they would
// be a second tracker.
import * as nodeModule from "node:module";
import { isFirstPreload } from "./first_preload.ts";

const host = globalThis as { Deno?: unknown };
const isAlone =
  host.Deno === undefined &&
  typeof nodeModule.registerHooks === "function" &&
  !Object.hasOwn(globalThis, Symbol.for("tracemalloc")) &&
  isFirstPreload({ execArgv: process.execArgv, nodeOptions: process.env.NODE_OPTIONS });

// By `require`, as an `await` would keep others from requiring this module.
nodeModule.createRequire(import.meta.url)(isAlone ? "./joined.cjs" : "./register_plain.js");
