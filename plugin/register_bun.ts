// `bun --preload tracemalloc/register`, or `preload = ["tracemalloc/register"]` in bunfig.toml.
import { hookBun } from "./bun.ts";
import { register } from "./setup.ts";

register(hookBun);
