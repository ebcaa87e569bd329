import { test } from "node:test";
import { assertLeadsBack } from "../hosts/compiled/leads_back.ts";

test("what compilers and bundlers made of a program leads back to its lines", () =>
  assertLeadsBack(["tsc", "tsc_inline", "swc", "esbuild", "rollup", "webpack", "webpack_of_tsc"]));
