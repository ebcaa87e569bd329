import { join } from "node:path";
import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { InputError, UsageError } from "../../../src/cli/cli_error.ts";
import { numbered, requestsOf } from "../../../src/cli/hunt/requests.ts";
import { withFolder } from "../tracemalloc.ts";

const URL_OF = (...urls: string[]) => requestsOf(urls, undefined, false);

test("an address is a GET, unless a method stands before it; what follows is its body", () => {
  assertEquals(URL_OF("http://127.0.0.1:3000/a?b=1", 'POST http://localhost:3000/c/{n} {"id": {n}}'), [
    { method: "GET", url: "http://127.0.0.1:3000/a?b=1", body: null },
    { method: "POST", url: "http://localhost:3000/c/{n}", body: '{"id": {n}}' },
  ]);
  const [, post] = URL_OF("http://127.0.0.1/", 'POST http://127.0.0.1/{n} {"id": {n}, "again": {n}}');
  assertEquals(numbered(post!, 17), {
    method: "POST",
    url: "http://127.0.0.1/17",
    body: '{"id": 17, "again": 17}',
  });
});

test("only this machine is driven, unless somebody says so", () => {
  for (const url of ["http://127.0.0.1/", "http://127.4.5.6:80/", "https://localhost/", "http://[::1]:3/"])
    URL_OF(url);
  for (const url of [
    "http://example.com/",
    "http://127.0.0.1.example.com/",
    "http://localhost@example.com/",
    "http://192.168.1.2/",
    "http://0.0.0.0/",
    "http://[::2]/",
  ])
    assertThrows(() => URL_OF(url), UsageError, "--allow-remote");
  assertEquals(requestsOf(["http://example.com/"], undefined, true).length, 1);
});

test("what is no address is refused, and what a file lists is read", () =>
  withFolder(
    {
      "list.txt":
        '# a visitor\n\nGET /search?q={n}\n/\nPOST /orders/{n} {"id": {n}}\n  DELETE http://localhost:9/x\n',
      "bad.txt": "GET /a\nGET ftp://127.0.0.1/\n",
      "empty.txt": "# nothing\n",
      "remote.txt": "GET http://example.com/\n",
    },
    (folder) => {
      for (const url of ["", "foo", "ftp://127.0.0.1/", "/path", "get http://127.0.0.1/"])
        assertThrows(() => URL_OF(url), UsageError, "--url must be an address");
      const list = (name: string, ...urls: string[]) => requestsOf(urls, join(folder, name), false);
      assertEquals(
        list("list.txt", "http://127.0.0.1:3000/ignored").map(({ method, url, body }) => [method, url, body]),
        [
          ["GET", "http://127.0.0.1:3000/search?q={n}", null],
          ["GET", "http://127.0.0.1:3000/", null],
          ["POST", "http://127.0.0.1:3000/orders/{n}", '{"id": {n}}'],
          ["DELETE", "http://localhost:9/x", null],
        ],
      );
      assertThrows(() => list("bad.txt", "http://127.0.0.1/"), UsageError, "bad.txt:2 must be an address");
      assertThrows(() => list("list.txt"), UsageError, "paths need a --url");
      assertThrows(() => list("empty.txt", "http://127.0.0.1/"), UsageError, "has no request");
      assertThrows(() => list("remote.txt", "http://127.0.0.1/"), UsageError, "--allow-remote");
      assertThrows(() => list("gone.txt", "http://127.0.0.1/"), InputError, "no such file");
    },
  ));
