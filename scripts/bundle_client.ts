// Bundles the code of a page, with the libraries that it uses, into one script and one style sheet.
import { buildSync } from "esbuild";

/** What goes in, and where it goes. Style sheets that are imported go into a file of the same name that ends in `.css`. */
export interface ClientBundle {
  readonly entry: string;
  readonly outfile: string;
  /** Default: a module. */
  readonly format?: "esm" | "iife";
  /** A comment for the head of the file: a licence. */
  readonly banner?: string;
}

/**
 * Writes one file that loads nothing.
 * @throws {Error} when it cannot be bundled; esbuild has said why.
 */
export function bundleClient({ entry, outfile, format = "esm", banner = "" }: ClientBundle): void {
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    format,
    target: ["chrome115", "firefox115", "safari17"],
    charset: "utf8",
    banner: { js: banner, css: banner },
    legalComments: "inline",
    logLevel: "warning",
  });
}
