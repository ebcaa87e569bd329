import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { isPackageManager } from "../../../plugin/preload/package_manager.ts";

// As they lie on disks: Debian's, nvm's, Homebrew's, projects', corepack's, yarn's own.
const MANAGERS = [
  "/usr/lib/node_modules/npm/bin/npm-cli.js",
  "/home/me/.nvm/versions/node/v22.1.0/lib/node_modules/npm/bin/npx-cli.js",
  "/usr/share/nodejs/npm/bin/npm-cli.js",
  "C:\\Program Files\\nodejs\\node_modules\\npm\\bin\\npm-cli.js",
  "/app/node_modules/pnpm/bin/pnpm.cjs",
  "/app/node_modules/pnpm/bin/pnpx.mjs",
  "/app/node_modules/yarn/bin/yarn.js",
  "/app/node_modules/corepack/dist/yarn.js",
  "/home/me/.cache/node/corepack/v1/pnpm/9.12.3/bin/pnpm.cjs",
  "/home/me/.cache/node/corepack/v1/yarn/1.22.22/bin/yarn.js",
  "/app/.yarn/releases/yarn-4.5.1.cjs",
];
const OTHERS = [
  undefined,
  "",
  "/app/server.js",
  "/app/npm.js",
  "/home/npm/bin/server.js",
  "/app/node_modules/yarn-audit/bin/yarn.js",
  "/app/node_modules/npm-run-all/bin/npm-run-all/index.js",
  "/app/node_modules/nodemon/bin/nodemon.js",
];

test("package managers are told from programs", () => {
  for (const path of MANAGERS) assertEquals(isPackageManager(path), true, path);
  for (const path of OTHERS) assertEquals(isPackageManager(path), false, path);
});
