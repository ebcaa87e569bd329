// The plot of docs/performance.md: a row for each mode, a dot for each program, and a line at their geometric mean.
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { launchChromium } from "../../test/browser/browsers.ts";
import { compare, overall, UNTOUCHED, WORST_CASE } from "./figures.ts";
import type { Measure, Results } from "./results.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * The plot as the text of an SVG. Observable Plot wants a document to draw in: Chromium is here for the browser tests anyway.
 *
 * @param labels By the modes that it shows, what they are called.
 */
export async function plot(
  { found }: Results,
  measure: Measure,
  labels: Readonly<Record<string, string>>,
): Promise<string> {
  const modes = Object.keys(labels);
  const dots = Object.entries(found)
    .filter(([program]) => program !== WORST_CASE)
    .flatMap(([program, figures]) =>
      modes.map((mode) => ({
        program,
        mode: labels[mode],
        ratio: compare(figures[mode], figures[UNTOUCHED]).ratio[measure],
      })),
    );
  const all = overall(found);
  const means = modes.map((mode) => ({ mode: labels[mode], ratio: all[mode][measure] }));
  const label = `${measure === "cpu" ? "CPU time" : "time"}, times the untouched program's (log scale)`;
  const { outputFiles } = buildSync({
    stdin: { contents: `export * from "@observablehq/plot"`, resolveDir: root },
    bundle: true,
    format: "iife",
    globalName: "Plot",
    write: false,
  });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.setContent("<body></body>");
    await page.addScriptTag({ content: outputFiles[0].text });
    return await page.evaluate(draw, { dots, means, label });
  } finally {
    await browser.close();
  }
}

interface Data {
  readonly dots: readonly { program: string; mode: string; ratio: number }[];
  readonly means: readonly { mode: string; ratio: number }[];
  readonly label: string;
}

/** Runs in the page. */
function draw({ dots, means, label }: Data): string {
  const { Plot } = globalThis as unknown as { Plot: typeof import("@observablehq/plot") };
  const drawn = Plot.plot({
    width: 800,
    height: 80 + 36 * means.length,
    marginLeft: 150,
    marginRight: 70,
    marginBottom: 45,
    style: { background: "white", color: "#222", fontFamily: "system-ui, sans-serif", fontSize: "12px" },
    x: {
      type: "log",
      label,
      labelOffset: 38,
      inset: 10,
      grid: true,
      ticks: [1, 1.5, 2, 3, 4, 6, 8],
      tickFormat: String,
    },
    y: { label: null, domain: means.map(({ mode }) => mode) },
    marks: [
      Plot.ruleX([1]),
      Plot.dot(dots, { x: "ratio", y: "mode", r: 4, fill: "#4269d0", fillOpacity: 0.5, title: "program" }),
      Plot.tickX(means, { x: "ratio", y: "mode", stroke: "#d0342c", strokeWidth: 2.5 }),
      Plot.text(means, {
        ...{ y: "mode", frameAnchor: "right", dx: 12, textAnchor: "start", fontWeight: "bold" },
        text: ({ ratio }: { ratio: number }) => `${ratio.toFixed(2)}×`,
      }),
    ],
  });
  drawn.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return drawn.outerHTML;
}
