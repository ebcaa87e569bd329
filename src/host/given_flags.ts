// Browser compatible.
import { host } from "./host.ts";

/** Whether somebody has set a flag for the process, on or off, as far as its command line tells. */
export function isGiven(flag: string): boolean {
  const { execArgv = [], versions, env } = host.process ?? {};
  // Deno knows no such variable, and would ask for permission to read it.
  const options = versions?.deno === undefined ? (env?.NODE_OPTIONS ?? "") : "";
  return `${execArgv.join(" ")} ${options}`.replaceAll("_", "-").includes(flag);
}
