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
const require = nodeModule.createRequire(import.meta.url);
if (isAlone) require("./joined.cjs");
else requirePlain();

function requirePlain(): void {
  try {
    require("./register_plain.js");
  } catch (error) {
    // Somebody is just importing `tracemalloc` too, and Node 22 and 24 cannot link modules twice at a time.
    const { code } = error as { code?: unknown };
    if (code !== "ERR_VM_MODULE_LINK_FAILURE" && code !== "ERR_REQUIRE_ESM_RACE_CONDITION") throw error;
    const plain = "./register_plain.js?again";
    void import(plain);
  }
}
