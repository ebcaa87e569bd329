import { test } from "node:test";
import { hosts } from "../hosts/host.ts";
import { assertAsksNone } from "../hosts/replaced_builtins.ts";

for (const host of hosts) {
  // With a byte between samples, all that is made is one.
  for (const sampling of host === "node" ? ["1"] : ["exact", "1"]) {
    test(`${host}, ${sampling}: the tracker asks no built-in that the program has replaced, and goes on where all of them throw`, () =>
      assertAsksNone(host, sampling));
  }
}
