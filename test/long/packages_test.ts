import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { type Host, hosts, Project, root } from "../hosts/host.ts";

/** Ends a program that keeps what it made in `result`, and its proof of what was traced, if it was. */
const END = `
import { createHash } from "node:crypto";
import { isTracing, takeSnapshot } from "tracemalloc";
const text = JSON.stringify(result, (_, value) => typeof value === "bigint" ? String(value) : value);
console.log("result", text.length, createHash("sha256").update(text).digest("hex"));
const files = isTracing() ? takeSnapshot().statistics("filename").map(({ traceback }) => traceback.at(0).filename) : [];
console.log("traced", files.filter((file) => file.includes("/node_modules/")).length);
console.log("host:" + (globalThis.Bun ? "bun" : globalThis.Deno ? "deno" : "node"));
process.exit(0);
`;

const LARGE = JSON.stringify(join(root, "node_modules/@babel/parser/lib/index.js"));

/** Programs that use a package, and how many of its files they run at least. */
const PROGRAMS: Record<string, { files: number; source: string }> = {
  "acorn parses a file of 500 KB": {
    files: 1,
    source: `
      import { readFileSync } from "node:fs";
      import { parse, tokenizer } from "acorn";
      const source = readFileSync(${LARGE}, "utf8");
      const ast = parse(source, { ecmaVersion: "latest", sourceType: "module", locations: true });
      const errors = ["let x = ;", "a\\n b c", "class { }", "\`\${"].map((wrong) => {
        try { return parse(wrong, { ecmaVersion: 2022 }); } catch ({ name, message, loc }) { return { name, message, loc }; }
      });
      const result = [ast, [...tokenizer(source.slice(0, 600), { ecmaVersion: "latest" })].map(({ type, value }) => [type.label, value]), errors];`,
  },
  "marked renders pages": {
    files: 1,
    source: `
      import { readFileSync, readdirSync, existsSync } from "node:fs";
      import { Marked, marked } from "marked";
      const folder = ${JSON.stringify(join(root, "node_modules"))};
      const pages = readdirSync(folder).sort().map((name) => folder + "/" + name + "/README.md").filter((path) => existsSync(path)).slice(0, 25);
      const texts = pages.map((page) => readFileSync(page, "utf8"));
      const own = new Marked({ async: true, renderer: { heading({ depth, text }) { return "<h" + depth + ">" + text + "!</h" + depth + ">"; } } });
      const result = [texts.map((text) => marked.parse(text)), await Promise.all(texts.map((text) => own.parse(text)))];`,
  },
  "fastify answers requests": {
    files: 20,
    source: `
      import Fastify from "fastify";
      const app = Fastify({ logger: false });
      app.decorate("count", 0);
      app.register(async (scope, options) => {
        scope.addHook("onRequest", async () => { app.count++; });
        scope.get("/:id", { schema: { response: { 200: { type: "object", properties: { id: { type: "integer" }, query: { type: "object", additionalProperties: true } } } } } },
          async (request) => ({ id: request.params.id, query: request.query, hidden: 1 }));
        scope.post("/", { schema: { body: { type: "object", required: ["name"], properties: { name: { type: "string" }, age: { type: "integer", default: 3 } } } } },
          (request, reply) => { reply.code(201).send({ made: request.body, options }); });
        scope.get("/fails", () => { throw Object.assign(new Error("no"), { statusCode: 418 }); });
      }, { prefix: "/items" });
      const address = await app.listen({ port: 0, host: "127.0.0.1" });
      const ask = async (path, body) => {
        const response = await fetch(address + path, body === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" }, body });
        return [response.status, await response.text()];
      };
      const result = [await ask("/items/7?a=1&b=%20"), await ask("/items/fails"), await ask("/none"), await ask("/items", '{"name":"x"}'), await ask("/items/", '{"age":"y"}'), await ask("/items", "{"),
        (await app.inject("/items/8")).json(), (await app.inject({ method: "POST", url: "/items", payload: { name: "z" } })).payload, app.count, app.printRoutes()];
      await app.close();`,
  },
  "CommonJS packages that require others: ajv, semver, fast-json-stringify": {
    files: 30,
    source: `
      import { createRequire } from "node:module";
      const require = createRequire(import.meta.url);
      const Ajv = require("ajv");
      const semver = require("semver");
      const stringify = require("fast-json-stringify")({ type: "object", properties: { a: { type: "string" }, b: { type: "array", items: { type: "number" } } } });
      const ajv = new Ajv({ allErrors: true });
      const validate = ajv.compile({ $id: "s", type: "object", properties: { list: { type: "array", items: { $ref: "#/definitions/item" }, uniqueItems: true } }, definitions: { item: { type: "object", required: ["id"], properties: { id: { type: "integer", minimum: 2 } } } } });
      const result = [
        [{ list: [{ id: 2 }, { id: 3 }] }, { list: [{ id: 1 }, {}, {}] }, 5].map((value) => [validate(value), validate.errors]),
        ["1.2.3", "2.0.0-beta.1", "x"].map((version) => [semver.valid(version), semver.satisfies(version, "^1.0.0 || >=2.0.0-0"), semver.inc(version, "minor")]),
        stringify({ a: "x\\n", b: [1, 2.5], c: 1 }), require("ajv") === Ajv, Object.keys(require.cache).length > 30];`,
  },
};

/** A project that sees the repository's packages. */
function withPackages(): Project {
  const project = new Project({ "package.json": `{"type":"module"}`, "nothing.js": "" });
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (/^(?:\.|tracemalloc|@)/.test(name)) continue;
    symlinkSync(join(root, "node_modules", name), project.path(join("node_modules", name)), "dir");
  }
  mkdirSync(project.path("out"));
  return project;
}

async function output(
  host: Host,
  source: string,
  options: { preload?: string; traced: boolean },
): Promise<string[]> {
  using project = withPackages();
  project.write("main.js", source + END);
  const env: Record<string, string> = options.traced ? { TRACEMALLOC: "25" } : {};
  const { preload = "tracemalloc/register" } = options;
  const { code, stdout, stderr } = await project.run(host, "main.js", { env, preload });
  assertEquals([code, stderr], [0, ""]);
  assert(stdout.includes(`host:${host}`));
  return stdout.split("\n");
}

for (const host of hosts) {
  for (const [name, { files, source }] of Object.entries(PROGRAMS)) {
    test(`${host}: ${name}, the same untouched, instrumented and traced`, async () => {
      const [untouched] = await output(host, source, { preload: "./nothing.js", traced: false });
      const [instrumented] = await output(host, source, { traced: false });
      const [traced, proof] = await output(host, source, { traced: true });
      assertEquals([instrumented, traced], [untouched, untouched]);
      const count = Number(proof!.split(" ")[1]);
      assert(count >= files, `${count} files were traced`);
    });
  }
}
