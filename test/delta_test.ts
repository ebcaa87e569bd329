import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { assertEquals } from "@std/assert";
import { Profile } from "pprof-format";
import { Snapshot } from "../mod.ts";
import { deltaProfile } from "../src/delta.ts";

test("servers have differences by a way of their own: what has not changed is in none", () => {
  const snapshot = Snapshot.fromTraces([[0, 24, [["app.ts", 3]]]], 1);
  const profile = Profile.decode(gunzipSync(deltaProfile({ old: snapshot, now: snapshot })));
  assertEquals(profile.sample.length, 0);
});
