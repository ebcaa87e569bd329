import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { findProgram, type Program } from "../../src/cli/program.ts";
import { RUNTIMES, type Runtime } from "../../src/cli/runtimes.ts";
import { withFolder } from "./tracemalloc.ts";

const own: Runtime = process.versions.bun ? "bun" : process.versions.deno ? "deno" : "node";
const other = RUNTIMES.find((runtime) => runtime !== own)!;

/** A project with a folder `npm`, a script `test`, and programs of every kind; the working folder while `use` runs. */
function inProject(use: (folder: string) => void): Promise<void> {
  return withFolder(
    {
      "package.json": `{"scripts":{"nosuch-script":"node app.ts"}}`,
      "app.ts": "",
      "vitest.ts": "",
      "start.sh": "#!/bin/sh\n",
      plain: "console.log(1);\n",
      server: "#!/usr/bin/env bun\n",
      binary: new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]),
    },
    (folder) => {
      const bin = join(folder, "node_modules", ".bin");
      mkdirSync(bin, { recursive: true });
      mkdirSync(join(folder, "npm"));
      mkdirSync(join(folder, "lib"));
      const bins = {
        tool: `#!/usr/bin/env node\n`,
        "bun-tool": "#!/usr/bin/env -S bun\n",
        shim: "#!/bin/sh\n",
      };
      for (const [name, text] of Object.entries({ ...bins, npm: bins.tool, pnpm: bins.tool })) {
        writeFileSync(join(folder, "node_modules", `${name}.cjs`), text);
        symlinkSync(`../${name}.cjs`, join(bin, name));
      }
      const before = process.cwd();
      process.chdir(folder);
      try {
        use(folder);
      } finally {
        process.chdir(before);
      }
    },
  );
}

test("files are scripts, also where their name is that of a command, and what no shell runs", () =>
  inProject(() => {
    for (const [word, args] of [
      ["app.ts", ["--x", "--"]],
      ["app", []],
      ["./app.ts", []],
      ["plain", ["a"]],
      // Whoever wants Bun says so.
      ["server", []],
      ["lib", []],
      ["vitest", []],
      ["https://a.test/app.ts", []],
    ] as const)
      assertEquals(findProgram([word, ...args], undefined), {
        kind: "script",
        script: word,
        runtime: own,
        args,
      });
    assertEquals(findProgram(["app.ts"], other), {
      kind: "script",
      script: "app.ts",
      runtime: other,
      args: [],
    });
  }));

test("programs of node_modules/.bin run on --runtime, else on what their first line says", () =>
  inProject((folder) => {
    const script = (name: string): string => join(folder, "node_modules", `${name}.cjs`);
    const of = (name: string, runtime: Runtime): Program => ({
      kind: "script",
      script: script(name),
      runtime,
      args: ["-v"],
    });
    assertEquals(findProgram(["tool", "-v"], undefined), of("tool", "node"));
    assertEquals(findProgram(["bun-tool", "-v"], undefined), of("bun-tool", "bun"));
    assertEquals(findProgram(["bun-tool", "-v"], "node"), of("bun-tool", "node"));
  }));

test("all else is a command, named after the file among its words", () =>
  inProject((folder) => {
    const bin = (name: string): string => join(folder, "node_modules", ".bin", name);
    const command = (words: string[], runtime?: Runtime): unknown => {
      const found = findProgram(words, runtime);
      if (found.kind !== "command") return found;
      return [found.name, found.file, found.args, found.subject];
    };
    assertEquals(command(["shim", "a"]), ["shim", bin("shim"), ["a"], "shim"]);
    // A package manager is none that wants to be traced, and a folder is no script of that name.
    assertEquals(command(["npm", "start"]), ["npm", bin("npm"), ["start"], "npm"]);
    assertEquals(command(["pnpm", "dev"]), ["pnpm", bin("pnpm"), ["dev"], "pnpm"]);
    assertEquals(command(["start.sh"]), ["start.sh", "./start.sh", [], "start.sh"]);
    assertEquals(command(["binary", "-x"]), ["binary", "./binary", ["-x"], "binary"]);
    assertEquals(command(["sh", "-c", "exit"])?.toString().startsWith("sh,/"), true);
    const words = ["--expose-gc", "--watch", "app.ts", "plain"];
    assertEquals(command([own, ...words]), [own, process.execPath, words, "app.ts"]);
    assertEquals(command(words), [own, process.execPath, words, "app.ts"]);
  }));

test("bunx picks Bun for scripts, where it has started this program", () =>
  inProject(() => {
    const runtime = (script: string): unknown => {
      process.env.npm_lifecycle_event = "bunx";
      process.env.npm_lifecycle_script = script;
      try {
        const found = findProgram(["app.ts"], undefined);
        return found.kind === "script" && found.runtime;
      } finally {
        delete process.env.npm_lifecycle_event;
        delete process.env.npm_lifecycle_script;
      }
    };
    assertEquals(runtime("tracemalloc"), "bun");
    assertEquals(runtime("tracemalloc@1.2.3"), "bun");
    // It runs below something else that bunx has started.
    assertEquals(runtime("vitest"), own);
  }));

test("what cannot be run, or not so, is refused with what can", () =>
  inProject(() => {
    const cases: [
      words: string[],
      runtime: Runtime | undefined,
      kind: "UsageError" | "InputError",
      message: string,
    ][] = [
      [[], undefined, "UsageError", "the script is missing"],
      [["-"], undefined, "UsageError", "- is not supported"],
      [["npm", "start"], "bun", "UsageError", "--runtime goes with a script: what npm starts decides"],
      [["./nosuch"], undefined, "InputError", "cannot run ./nosuch: no such file"],
      [["nosuch.ts"], undefined, "InputError", "cannot run nosuch.ts: no such file"],
      [
        ["6071"],
        undefined,
        "InputError",
        "no such file; the values of --live and --sample stand behind a =, as in --live=6071",
      ],
      [
        ["nosuch-script"],
        undefined,
        "InputError",
        "it is a script of package.json: run it by its package manager, tracemalloc run npm run nosuch-script",
      ],
      [
        ["no-such-command"],
        undefined,
        "InputError",
        "no such file, and no command of that name in node_modules/.bin or on the PATH",
      ],
    ];
    for (const [words, runtime, kind, message] of cases) {
      const error = assertThrows(() => findProgram(words, runtime), Error);
      assertEquals(error.name, kind);
      assertStringIncludes(error.message, message);
    }
  }));
