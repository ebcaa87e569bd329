import { test } from "node:test";
import { assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { hosts, Project, whoami } from "./host.ts";

const NAME = "\x1b]0;x\x07\u202e.mjs";

for (const host of hosts) {
  test(`${host}: a warning writes out what in a file's name cannot be seen`, async () => {
    using project = new Project({
      [NAME]: "this is no JavaScript",
      // Bun's specifiers are paths, the others' are URLs.
      "main.mjs": `await import(${JSON.stringify(`./${host === "bun" ? NAME : encodeURIComponent(NAME)}`)}).catch(() => {});\n${whoami}`,
    });
    const { code, stdout, stderr } = await project.run(host, "main.mjs");
    assertEquals([code, stdout], [0, `host:${host}\n`]);
    assertStringIncludes(stderr, String.raw`\x1b]0;x\x07\u202e.mjs`);
    assertFalse(/(?!\n)[\p{Cc}\p{Cf}]/u.test(stderr), JSON.stringify(stderr));
  });
}
