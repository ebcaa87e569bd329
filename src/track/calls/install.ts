// Browser compatible.

/**
 * `tracemalloc/tracker`: puts the tracker where instrumented code looks for it, and nothing else. What a bundler's plugin
 * has instrumented loads this first; whoever wants figures imports `tracemalloc`.
 *
 * @module
 */
import { installFileRegistry } from "./file_registry.ts";

installFileRegistry();
