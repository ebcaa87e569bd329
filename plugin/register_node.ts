// `node --import tracemalloc/register` and `deno run --preload tracemalloc/register`.
import { BOUNDARIES } from "../src/host/capabilities.ts";
import { hasModuleHooks, hookNode } from "./loaders/node.ts";
import { loadInstrument } from "./preload/load_instrument.ts";
import { register } from "./preload/setup.ts";
import { warn } from "./preload/warn.ts";

if (hasModuleHooks()) register(hookNode, loadInstrument);
else {
  const [oldest] = BOUNDARIES.supported.node;
  warn(`tracemalloc: not tracing: Node ${process.versions.node} is too old, it takes ${oldest} or later`);
}
