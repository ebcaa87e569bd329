// Where the browsers are that the tests drive, and a page in one of them.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

/** Opens the page in Firefox, without a window, for as long as `look` takes. */
export async function inFirefox(url: string, look: () => Promise<unknown>): Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), "tracemalloc-firefox-"));
  const browser = spawn(
    browserPath("firefox") ?? "firefox",
    ["--headless", "--no-remote", "--profile", profile, url],
    {
      stdio: "ignore",
      env: { ...process.env, HOME: profile, MOZ_HEADLESS: "1" },
      detached: true,
    },
  );
  const gone = new Promise<unknown>((resolve) => browser.on("exit", resolve).on("error", resolve));
  // A browser that cannot start sends nothing: without this the test would wait for ever.
  const ended = gone.then((why) => {
    throw new Error(`Firefox ended before the page had sent anything: ${why}`);
  });
  try {
    await Promise.race([look(), ended]);
  } finally {
    // Its helper processes too: they are of its group.
    if (browser.exitCode === null && browser.pid !== undefined) process.kill(-browser.pid, "SIGKILL");
    await gone;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The same in Chromium. */
export async function inChromium(url: string, look: () => Promise<unknown>): Promise<void> {
  const browser = await launchChromium();
  try {
    await (await browser.newPage()).goto(url);
    await look();
  } finally {
    await browser.close();
  }
}
