import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { Project, root } from "../hosts/host.ts";

const modules = (name: string): string => join(root, "node_modules", name);

const CONFIG = {
  transform: {
    "\\.[jt]sx?$": [
      modules("babel-jest"),
      {
        configFile: false,
        babelrc: false,
        plugins: ["tracemalloc/babel"],
        presets: [
          [modules("@babel/preset-env"), { targets: { node: "current" } }],
          modules("@babel/preset-typescript"),
        ],
      },
    ],
  },
  // Jest runs ES modules only once they are compiled.
  transformIgnorePatterns: [],
  setupFiles: ["tracemalloc/tracker"],
  watchman: false,
};

test("Jest: babel-jest with the plugin, beside jest.mock", () => {
  using project = new Project({
    "package.json": `{"private":true}`,
    "jest.config.json": JSON.stringify(CONFIG),
    "store.ts": `import { label } from "./label";

export class Store {
  readonly rows: object[] = [];
  fill(count: number): void {
    for (let i = 0; i < count; i++)
      this.rows.push({ i, label });
  }
}
`,
    "label.ts": `export const label = "real";\n`,
    "store.test.ts": `import { start, stop, takeSnapshot } from "tracemalloc";
import { Store } from "./store";

jest.mock("./label", () => ({ label: ["mocked"][0] }));

test("the line that holds the rows is first", () => {
  start(5);
  const store = new Store();
  store.fill(500);
  const [top] = takeSnapshot().statistics("traceback");
  stop();
  expect(store.rows[0]).toEqual({ i: 0, label: "mocked" });
  expect(top!.count).toBe(501); // and the string that they share
  expect([...top!.traceback].map((frame) => [frame.filename.split("/").at(-1), frame.lineno, frame.functionName]).slice(-2)).toEqual([
    ["store.test.ts", 9, "<anonymous>"],
    ["store.ts", 7, "Store.fill"],
  ]);
});
`,
  });
  const { status, stderr } = spawnSync(
    join(root, "node_modules/.bin/node"),
    [modules("jest/bin/jest.js"), "--ci", "--no-cache", "-i", "--config", "jest.config.json"],
    { cwd: project.folder, encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "", FORCE_COLOR: "0" } },
  );
  assertStringIncludes(stderr, "1 passed");
  assertEquals(status, 0);
});
