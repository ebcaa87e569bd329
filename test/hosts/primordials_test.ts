import { test } from "node:test";
import { hosts } from "./host.ts";
import { assertAsksNone } from "./replaced_builtins.ts";

for (const host of hosts) {
  // Node has both modes here; the others have them, and all runtimes byte mode, in test/long/.
  for (const sampling of host === "node" ? ["exact", "adaptive"] : ["adaptive"]) {
    test(`${host}, ${sampling}: the tracker asks no built-in that the program has replaced, and goes on where all of them throw`, () =>
      assertAsksNone(host, sampling));
  }
}
