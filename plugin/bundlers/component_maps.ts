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

/** The parts of a compiler of webpack or Rspack that are used here. */
interface WebpackCompiler {
  hooks: { compilation: Hook<Compilation> };
}
interface Compilation {
  hooks: { buildModule: Hook<{ resource?: unknown; useSourceMap?: boolean }> };
}
interface Hook<T> {
  tap(name: string, callback: (value: T) => void): void;
}

/** In webpack and Rspack loaders give maps to modules that ask for them, as `devtool` has all do. */
export function mapComponentsInWebpack({ hooks }: WebpackCompiler): void {
  hooks.compilation.tap("tracemalloc", (compilation) => {
    compilation.hooks.buildModule.tap("tracemalloc", (module) => {
      if (typeof module.resource === "string" && componentOf(module.resource) !== null)
        module.useSourceMap = true;
    });
  });
}
