import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright";
import { openChromium } from "../support/chromium.ts";
import { openWorkbook, trust } from "../support/opened-workbook.ts";

const root = join(fileURLToPath(import.meta.url), "..", "..", "..");

export const name = "page: slider to DOM, start to chart";

const fence = "```";

/** A slider n, a kernel cell that reads it, and a chart of the kernel's value. */
function workbook(kernel: string, browser: string): string {
  return `${fence}ts {#n}
const n = view(Inputs.range([0, 10000], {label: "n", step: 1, value: 0}));
${fence}

${fence}ts {#value kernel}
${kernel}
${fence}

${fence}ts {#shown}
${browser}
${fence}

${fence}ts {#inside}
html\`<output id="inside">\${n}</output>\`
${fence}
`;
}

/** Milliseconds from the slider's event until `#selector` shows the slider's new value. */
async function latencies(page: Page, selector: string, rounds: number): Promise<number[]> {
  return page.evaluate(
    async ({ selector, rounds }) => {
      const input = document.querySelector<HTMLInputElement>("#cell-n input[type=range]")!;
      const times: number[] = [];
      for (let round = 1; round <= rounds; round++) {
        const start = performance.now();
        input.valueAsNumber = round;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        await new Promise<void>((resolve) => {
          const observer = new MutationObserver(check);
          function check() {
            const shown = document.querySelector(selector)?.getAttribute("data-n");
            if ((shown ?? document.querySelector(selector)?.textContent) !== String(round)) return;
            observer.disconnect();
            resolve();
          }
          observer.observe(document.body, { childList: true, subtree: true, characterData: true });
          check();
        });
        times.push(performance.now() - start);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return times;
    },
    { selector, rounds },
  );
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

function line(label: string, times: readonly number[]): string {
  const [median, p90] = [quantile(times, 0.5), quantile(times, 0.9)];
  return `${label.padEnd(58)} median ${median.toFixed(1)} ms, p90 ${p90.toFixed(1)} ms`;
}

async function sliders(browser: Browser, print: (line: string) => void): Promise<void> {
  const cases = [
    {
      label: "slider → small kernel value → DOM",
      kernel: "const value = 2 * n;",
      browser: `html\`<output id="kernel" data-n=\${value / 2}>\${value}</output>\``,
      rounds: 60,
    },
    {
      label: "slider → Float64Array of 1e6 → 500-point line",
      kernel:
        "const value = new Float64Array(1e6); value.fill(n); for (let i = 1; i < 1e6; i += 97) value[i] += Math.random();",
      browser: `html\`<div id="kernel" data-n=\${value[0]}>\${Plot.plot({width: 600, height: 200, marks: [Plot.lineY(Array.from({length: 500}, (_, i) => value[i * 2000]))]})}</div>\``,
      rounds: 30,
    },
  ];
  for (const { label, kernel, browser: shown, rounds } of cases) {
    const opened = await openWorkbook(browser, workbook(kernel, shown));
    await trust(opened.page);
    await opened.page.waitForSelector("#kernel");
    await latencies(opened.page, "#kernel", 5);
    const baseline = await latencies(opened.page, "#inside", rounds);
    const times = await latencies(opened.page, "#kernel", rounds);
    print(line(label, times));
    print(line("  baseline: slider → browser cell, no kernel", baseline));
    await opened.close();
  }
}

/** Seconds from the start command to the URL, the first chart and all charts of the grokking workbook. */
interface Start {
  readonly served: number;
  readonly first: number;
  readonly all: number;
}

async function startToChart(browser: Browser): Promise<Start> {
  const start = performance.now();
  const child = spawn(
    process.execPath,
    [join(root, "server", "bootstrap", "start.mjs"), "--port", "0", "--no-open"],
    { env: { ...process.env, SIMILE_STATE: mkdtempSync(join(tmpdir(), "simile-bench-")) } },
  );
  const url = await new Promise<string>((resolve) => {
    child.stdout.on("data", (chunk: Buffer) => {
      const found = /http:\/\/\S+/.exec(chunk.toString());
      if (found) resolve(found[0]);
    });
  });
  const served = (performance.now() - start) / 1000;
  const page = await browser.newPage();
  await page.goto(url);
  await page.waitForSelector("#cell-learning .output svg", { timeout: 60_000 });
  const first = (performance.now() - start) / 1000;
  await page.waitForSelector("#cell-maps .heatmap-plane canvas", { timeout: 60_000 });
  const all = (performance.now() - start) / 1000;
  await page.close();
  child.kill("SIGTERM");
  await new Promise((resolve) => child.once("exit", resolve));
  return { served, first, all };
}

export async function run(print: (line: string) => void): Promise<void> {
  const browser = await openChromium();
  await sliders(browser, print);
  rmSync(join(root, "dist", "built-from"), { force: true });
  for (const label of ["cold (builds first)", "warm", "warm again"]) {
    const { served, first, all } = await startToChart(browser);
    print(
      `${`start, ${label}`.padEnd(58)} URL ${served.toFixed(2)} s, first chart ${first.toFixed(2)} s, all charts ${all.toFixed(2)} s`,
    );
  }
  await browser.close();
}
