// Draws docs/images/overhead.svg from bench/results/overhead.json: the price of each mode, program by program.
//
//     node bench/overhead/plot.ts
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { launchChromium } from "../../test/browser/browsers.ts";
import { compare, type Found, overall, UNTOUCHED } from "./figures.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { found } = JSON.parse(readFileSync(`${root}bench/results/overhead.json`, "utf8")) as { found: Found };

const bars = Object.entries(found).flatMap(([program, modes]) =>
  Object.entries(modes)
    .filter(([mode]) => mode !== UNTOUCHED)
    .map(([mode, figures]) => ({ program, mode, ratio: compare(figures, modes[UNTOUCHED]).ratio.mean })),
);
for (const [mode, { mean }] of Object.entries(overall(found)))
  if (mode !== UNTOUCHED) bars.push({ program: "geometric mean", mode, ratio: mean });

// Observable Plot wants a document to draw in: Chromium is here for the browser tests anyway.
const { outputFiles } = buildSync({
  stdin: { contents: `export * from "@observablehq/plot"`, resolveDir: root },
  bundle: true,
  format: "iife",
  globalName: "Plot",
  write: false,
});
const browser = await launchChromium();
const page = await browser.newPage();
await page.setContent("<body></body>");
await page.addScriptTag({ content: outputFiles[0].text });
const svg = await page.evaluate((data) => {
  const { Plot } = globalThis as unknown as { Plot: typeof import("@observablehq/plot") };
  const plot = Plot.plot({
    width: 1100,
    height: 40 + 26 * data.length,
    marginLeft: 130,
    marginRight: 120,
    style: { background: "white", color: "#222", fontFamily: "system-ui, sans-serif" },
    x: { type: "log", label: "run time, times the untouched program's (log scale)", grid: true },
    y: { label: null, domain: [...new Set(data.map(({ mode }) => mode))] },
    fy: { label: null },
    marks: [
      Plot.barX(data, { fy: "program", y: "mode", x1: 1, x2: "ratio", fill: "mode" }),
      Plot.text(data, {
        fy: "program",
        y: "mode",
        x: "ratio",
        dx: 4,
        textAnchor: "start",
        text: ({ ratio }: { ratio: number }) => `${ratio.toFixed(2)}×`,
      }),
      Plot.ruleX([1]),
    ],
  });
  plot.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return plot.outerHTML;
}, bars);
await browser.close();
writeFileSync(`${root}docs/images/overhead.svg`, `${svg}\n`);
