// `node --import tracemalloc/register` and `deno run --preload tracemalloc/register`.
import { BOUNDARIES } from "../src/capabilities.ts";
import { loadInstrument } from "./load_instrument.ts";
import { hasModuleHooks, hookNode } from "./node.ts";
import { register } from "./setup.ts";
import { warn } from "./warn.ts";

if (hasModuleHooks()) register(hookNode, loadInstrument);
else {
  const [oldest] = BOUNDARIES.supported.node;
  warn(`tracemalloc: not tracing: Node ${process.versions.node} is too old, it takes ${oldest} or later`);
}
