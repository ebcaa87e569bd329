// Browser compatible.
import { detectEngine, type Engine } from "../../host/engine.ts";

/** What the engine takes, in bytes, for each object that the tracker follows. */
export interface EngineCost {
  /** The cell of a FinalizationRegistry. */
  readonly cell: number;
  /** The mark: a private field makes room for three out of the object (V8), or an entry of a WeakMap; and its token. */
  readonly mark: number;
}

// Measured as growth of the heap per object, over 10⁴ to 10⁶ objects, literals, arrays, closures and instances (Node
// 26.10, Deno 2.9.6, Bun 1.4.5): V8 72 and 40 (entries of a WeakMap 26 to 42), and 32 of a token; JavaScriptCore 19 to 22,
// and 32 to 42.
const COSTS: Readonly<Record<Engine, EngineCost>> = {
  v8: { cell: 72, mark: 72 },
  "v8-compressed": { cell: 36, mark: 36 },
  jsc: { cell: 20, mark: 40 },
  // Not measured.
  spidermonkey: { cell: 72, mark: 72 },
};

/** The costs of the engine that runs this code. */
export const engineCost: EngineCost = COSTS[detectEngine()];
