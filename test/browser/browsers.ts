// Where the browsers are that the tests drive, and a page in one of them.
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PATHS = {
  chromium: [
    process.env.CHROMIUM,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
  ],
  firefox: [process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"],
} as const;
export type BrowserName = keyof typeof PATHS;

/** The program of a browser; null where none is installed. */
export function browserPath(name: BrowserName): string | null {
  return PATHS[name].find((path) => path !== undefined && existsSync(path)) ?? null;
}

/**
 * Why a test that needs this browser cannot run here, for `test(…, { skip })`; false: it can, or must, as in continuous
 * integration, where a missing browser is a failure.
 */
export function skipWithout(name: BrowserName): string | false {
  if (browserPath(name) !== null || process.env.TEST_REQUIRE_BROWSERS === "1") return false;
  return `no ${name} is installed (apt-get install chromium firefox-esr)`;
}

/** Chromium without a window. The sandbox needs privileges that continuous integration's containers withhold. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: browserPath("chromium") ?? "chromium", args: ["--no-sandbox"] });
}
