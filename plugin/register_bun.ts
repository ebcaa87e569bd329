// `bun --preload tracemalloc/register`, or `preload = ["tracemalloc/register"]` in bunfig.toml.
import { instrument } from "../src/instrument/instrument.ts";
import { hookBun } from "./bundlers/bun.ts";
import { register } from "./preload/setup.ts";

// Bun needs the parser to tell modules from CommonJS, so that there is nothing to put off.
register(hookBun, () => instrument);
