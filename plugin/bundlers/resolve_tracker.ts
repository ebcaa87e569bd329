// Where bundlers find `tracemalloc/tracker` when a dependency asks for it: such a file may lie where the package is in no
// `node_modules` above it (links, pnpm's store). It has to be the copy that the program itself imports, and to be left
// out of the bundle where that one is.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { TRACKER } from "./build_step.ts";

const EXACTLY_TRACKER = /^tracemalloc\/tracker$/;

/** The module in the package that this plugin comes from. */
const OWN_FILE: string = fileURLToPath(
  new URL(`../../src/track/calls/install${import.meta.url.slice(-3)}`, import.meta.url),
);

/** The part of the context of a hook of Rollup, Rolldown and Vite that is used here. */
interface ResolveContext {
  resolve(id: string, importer: string, options: { skipSelf: boolean }): Promise<unknown>;
}

/** `resolveId` for Rollup, Rolldown and Vite: as the project's own files would resolve it. */
export const resolveTracker: {
  filter: { id: RegExp };
  handler(this: ResolveContext, id: string): Promise<unknown>;
} = {
  filter: { id: EXACTLY_TRACKER },
  async handler(id) {
    if (id !== TRACKER) return null;
    return (await this.resolve(id, join(process.cwd(), "index.js"), { skipSelf: true })) ?? OWN_FILE;
  },
};

/** The parts of esbuild's `PluginBuild` that are used here. */
interface EsbuildBuild {
  initialOptions: { absWorkingDir?: string };
  onResolve(
    options: { filter: RegExp },
    callback: (args: { path: string; kind: string; pluginData?: unknown }) => Promise<object | undefined>,
  ): void;
  resolve(path: string, options: object): Promise<{ errors: unknown[]; path: string }>;
}

/** The same for esbuild. */
export function resolveTrackerInEsbuild(build: EsbuildBuild): void {
  const resolveDir = build.initialOptions.absWorkingDir ?? process.cwd();
  build.onResolve({ filter: EXACTLY_TRACKER }, async ({ path, kind, pluginData }) => {
    if (pluginData === TRACKER) return undefined; // our own question
    const found = await build.resolve(path, { kind, resolveDir, pluginData: TRACKER });
    return found.errors.length === 0 ? found : { path: OWN_FILE };
  });
}

/** The parts of Bun's `PluginBuilder` that are used here. */
interface BunBuilder {
  config?: unknown;
  onResolve(options: { filter: RegExp }, callback: () => { path: string } | undefined): unknown;
}

/** The same for `Bun.build`, which cannot be asked: Bun takes the package's sources, other targets what was compiled. */
export function resolveTrackerInBun(builder: BunBuilder): void {
  const { target, packages } = builder.config as { target?: string; packages?: string };
  const root = OWN_FILE.replace(/(?:[\\/]dist)?[\\/]src[\\/]track[\\/]calls[\\/]install\.[jt]s$/, "");
  const file = target === "bun" ? "src/track/calls/install.ts" : "dist/src/track/calls/install.js";
  builder.onResolve({ filter: EXACTLY_TRACKER }, () =>
    packages === "external" ? undefined : { path: join(root, file) },
  );
}

/** The part of a compiler of webpack or Rspack that is used here. */
interface WebpackCompiler {
  options: { resolve: { alias?: unknown } };
}

/** The same for webpack and Rspack, which look at `externals` before this. */
export function resolveTrackerInWebpack({ options: { resolve } }: WebpackCompiler): void {
  const { alias } = resolve;
  if (Array.isArray(alias)) alias.push({ name: TRACKER, onlyModule: true, alias: OWN_FILE });
  else resolve.alias = { ...(alias as object | undefined), [`${TRACKER}$`]: OWN_FILE };
}
