import { realpathSync } from "node:fs";

/** Where npm, pnpm, yarn and corepack lie, those that corepack has fetched (with their version) and yarn's own releases. */
const PLACES =
  /[\\/](?:npm|pnpm|yarn|corepack|cli-dist)[\\/](?:v?\d[\w.-]*[\\/])?(?:bin|dist|lib)[\\/](?:npm|npx|pnpm|pnpx|yarn|yarnpkg|corepack)[\w.-]*$|[\\/]\.yarn[\\/]releases[\\/]yarn[\w.-]*$/;

/** Whether a process's main file is that of a package manager, which starts what was asked for and holds nothing of it. */
export function isPackageManager(script: string | undefined): boolean {
  if (script === undefined) return false;
  let path = script;
  try {
    path = realpathSync(script);
  } catch {
    // None of a file system's.
  }
  return PLACES.test(path);
}
