// The React example on Vite's development server, in Chromium.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createServer } from "vite";
import { Snapshot } from "../../mod.ts";
import { buildOnce, root } from "../hosts/host.ts";
import { launchChromium, skipWithout } from "./browsers.ts";

const EXAMPLE = join(root, "examples/react-leak");
const LEAK =
  1 +
  readFileSync(join(EXAMPLE, "src/price_chart.tsx"), "utf8")
    .split("\n")
    .findIndex((line) => line.includes("history.push("));

test("examples/react-leak: after 50 mounts the leaking line is first", {
  skip: skipWithout("chromium"),
}, async () => {
  buildOnce();
  const server = await createServer({
    root: EXAMPLE,
    logLevel: "error",
    server: { port: 0, host: "127.0.0.1" },
  });
  const browser = await launchChromium();
  try {
    await server.listen();
    const { port } = server.httpServer!.address() as { port: number };
    const home = `http://127.0.0.1:${port}/`;
    const before = await fetch(`${home}__tracemalloc/`);
    assertStringIncludes(await before.text(), "open the application in another tab");

    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.goto(home);
    for (let i = 0; i < 50; i++) {
      await page.getByText("Open").click();
      await page.getByText("Close").click();
    }
    await page.requestGC(); // as the button in the developer tools does
    const response = await fetch(`${home}__tracemalloc/snapshot.pb.gz`);
    assertEquals(response.status, 200);
    const snapshot = Snapshot.fromBytes(new Uint8Array(await response.arrayBuffer()));
    const [top] = snapshot.statistics("lineno");
    assertEquals(`${top!.traceback}`, `${EXAMPLE}/src/price_chart.tsx:${LEAK}`);
    // Strict mode runs each effect twice.
    assert(top!.count > 10_000 && top!.count < 30_000, `${top!.count} points`);
    const files = snapshot.statistics("filename").map(({ traceback }) => traceback.at(0)!.filename);
    assert(
      files.some((file) => /node_modules\/react-dom\/cjs\/react-dom-client\.development\.js$/.test(file)),
      files.join(),
    );
    assertEquals(
      files.filter((file) => file.includes(".vite")),
      [],
    );

    const report = await browser.newPage();
    report.on("pageerror", (error) => errors.push(`report: ${error}`));
    report.on("console", (message) => message.type() === "error" && errors.push(`report: ${message.text()}`));
    await report.goto(`${home}__tracemalloc/`);
    // The report itself, under the policy that the server sends.
    await report.getByRole("tab", { name: "Table" }).click();
    const firstRow = await report.getByRole("row").nth(1).textContent();
    assertStringIncludes(firstRow ?? "", `price_chart.tsx:${LEAK}`);
    assertEquals(
      errors.filter((text) => !text.includes("favicon") && !text.includes("404")),
      [],
    );
  } finally {
    await browser.close();
    await server.close();
  }
});
