import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { PageAssets } from "./page.ts";

/** Where scripts/build.ts puts the bundled page: beside this file when compiled, in `dist` for the sources. */
const FOLDER: URL = import.meta.url.endsWith(".ts")
  ? new URL("../../../dist/src/report/html/", import.meta.url)
  : new URL(".", import.meta.url);

/**
 * The page's code, as it was built.
 * @throws {Error} where it has not been built.
 */
export function pageAssets(): PageAssets {
  try {
    return { script: read("page_script.js"), style: read("page_style.css") };
  } catch (cause) {
    throw new Error(`the report's page is missing in ${fileURLToPath(FOLDER)}: run "npm run build"`, {
      cause,
    });
  }
}

function read(name: string): string {
  return readFileSync(new URL(name, FOLDER), "utf8");
}
