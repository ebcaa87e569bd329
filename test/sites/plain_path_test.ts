import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { plainPath } from "../../src/sites/plain_path.ts";

test("a file's URL becomes the path that node:url gives, on Windows too, without what loads it again", () => {
  const paths: Record<string, string> = {
    "file:///app/server.mjs": "/app/server.mjs",
    "file:///app/server.mjs?v=2#again": "/app/server.mjs",
    "file:///a%20b/%C3%A9%3F%23.ts": "/a b/é?#.ts",
    "file:///C:/app/a%20b.js?v=2": "C:\\app\\a b.js",
    "file:///c:/app.js": "c:\\app.js",
    "file://server/share/app.js": "\\\\server\\share\\app.js",
    "file:/app.js": "/app.js",
  };
  for (const [name, path] of Object.entries(paths)) assertEquals(plainPath(name), path);
});

test("what is no file's URL stays as it is", () => {
  const names = ["", "/a?b.js", "C:\\app.js", "node:fs", "https://a/b.js?v=2", "file:///%zz", "eval"];
  for (const name of names) assertEquals(plainPath(name), name);
});

test("getters that a program has put in the place of URL's own are not asked", () => {
  const { prototype } = URL;
  const own = Object.getOwnPropertyDescriptors(prototype);
  const replaced = () => {
    throw new Error("asked");
  };
  try {
    for (const key of ["hostname", "pathname", "href"] as const)
      Object.defineProperty(prototype, key, { ...own[key], get: replaced });
    assertEquals(plainPath("file:///a%20b.js?v=2"), "/a b.js");
  } finally {
    Object.defineProperties(prototype, own);
  }
});
