import { test } from "node:test";
import { runFuzz } from "../fuzz/run_fuzz.ts";

test("many random programs do the same when they are instrumented", () => runFuzz(2500));
