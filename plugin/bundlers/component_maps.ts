// Source maps of components, which their plugins make only where the bundle is to have one.
import { componentOf } from "./components.ts";

/** The parts of Vite's plugins that are used here. */
interface VitePlugin {
  name?: string;
  enforce?: unknown;
  api?: { options?: object };
}

/**
 * `configResolved` in Vite, after that of `@vitejs/plugin-vue`, which has by then decided against maps for a build without them.
 *
 * @param name Our plugin's: it moves behind all others that come last, as Svelte's, which compiles `.svelte.ts` there.
 */
export function placeComponentsInVite(name: string): (config: { plugins: readonly VitePlugin[] }) => void {
  return (config) => {
    const plugins = config.plugins as VitePlugin[];
    for (const { name, api } of plugins) {
      const options = name === "vite:vue" ? api?.options : undefined;
      if (options !== undefined && "sourceMap" in options) api!.options = { ...options, sourceMap: true };
    }
    const at = plugins.findIndex((plugin) => plugin.name === name);
    const last = plugins.findLastIndex(({ enforce }) => enforce === "post");
    if (at >= 0 && at < last) plugins.splice(last, 0, ...plugins.splice(at, 1));
  };
}

/** The parts of webpack's compiler that are used here. */
interface WebpackCompiler {
  hooks: { compilation: Hook<Compilation> };
}
interface Compilation {
  hooks: { buildModule: Hook<{ resource?: unknown; useSourceMap?: boolean }> };
}
interface Hook<T> {
  tap(name: string, callback: (value: T) => void): void;
}

/** In webpack, loaders give maps to modules that ask for them, as `devtool` has all do. */
export function mapComponentsInWebpack({ hooks }: WebpackCompiler): void {
  hooks.compilation.tap("tracemalloc", (compilation) => {
    compilation.hooks.buildModule.tap("tracemalloc", (module) => {
      if (typeof module.resource === "string" && componentOf(module.resource) !== null)
        module.useSourceMap = true;
    });
  });
}

/** The parts of Rspack's compiler that are used here. */
interface RspackCompiler {
  hooks: { environment: Hook<void> };
  options: { devtool?: string | false; loader?: object };
  rspack: {
    SourceMapDevToolPlugin: new (options: {
      test: RegExp;
      module: boolean;
    }) => { apply(compiler: never): void };
  };
}

/**
 * Rspack keeps to itself which modules have maps: all have them where a plugin wants maps for what is written, if only for files that there
 * are none of. (`devtool` has its default after plugins have been applied.)
 */
export function mapComponentsInRspack(compiler: RspackCompiler): void {
  const { hooks, options, rspack } = compiler;
  hooks.environment.tap("tracemalloc", () => {
    if (options.devtool !== false && options.devtool?.includes("source-map")) return;
    new rspack.SourceMapDevToolPlugin({ test: /(?!)/, module: true }).apply(compiler as never);
    // Loaders hear of `devtool`, where there is one.
    options.loader = { ...options.loader, sourceMap: true };
  });
}
