import type { Browser, Page } from "playwright";
import { openChromium } from "../support/chromium.ts";
import { openWorkbook } from "../support/opened-workbook.ts";

export const name = "editing: keystroke to paint with 100 cells, completion in the page";

const fence = "```";

/** 100 cells of both sides, each reading the one before. */
function workbook(): string {
  const cells = Array.from({ length: 100 }, (_, i) => {
    const before = i === 0 ? "1" : `value${i - 1}.mean`;
    const kind = i % 3 === 0 ? " kernel" : "";
    return `${fence}ts {#c${i}${kind}}
// Cell ${i}: what the one before has found, and a little more.
const start${i} = ${before};
const series${i} = Array.from({length: 20}, (_, k) => start${i} + Math.sin(k));
const value${i} = {mean: d3.mean(series${i})!, deviation: d3.deviation(series${i})!};
${fence}
`;
  });
  return cells.join("\n");
}

/**
 * Milliseconds from a key event until the frame that shows it is painted: from the event's time to the
 * task after the next animation frame.
 */
async function keystrokes(page: Page, text: string): Promise<number[]> {
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { times });
    document.addEventListener(
      "keydown",
      ({ timeStamp }) => {
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => times.push(performance.now() - timeStamp);
          port2.postMessage(null);
        });
      },
      true,
    );
  });
  for (const key of text) {
    await page.keyboard.press(key === " " ? "Space" : key);
    await page.waitForTimeout(40);
  }
  return page.evaluate(() => (window as unknown as { times: number[] }).times);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

function line(label: string, times: readonly number[], base?: readonly number[]): string {
  const [p50, p95] = [quantile(times, 0.5), quantile(times, 0.95)];
  const ratio = base
    ? `, ${(p50 / quantile(base, 0.5)).toFixed(2)} and ${(p95 / quantile(base, 0.95)).toFixed(2)} of that`
    : "";
  return `${label.padEnd(52)} p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms${ratio}`;
}

const typed = "const another = value7.mean * 2 + start9; ".repeat(3);

/** A workbook with nothing in it but one empty cell: CodeMirror, and hardly anything around it. */
async function alone(browser: Browser): Promise<number[]> {
  const { page, close } = await openWorkbook(browser, `${fence}ts {#only}\n${fence}\n`);
  await write(page, "only");
  const times = await keystrokes(page, typed);
  await close();
  return times;
}

async function write(page: Page, cell: string): Promise<void> {
  await page.keyboard.press("Control+.");
  await page.locator(`#cell-${cell} .cm-content`).click();
  await page.locator(`#cell-${cell} .cm-focused`).waitFor();
  await page.keyboard.press("Control+End");
}

/** Milliseconds from "." to the list of members, with the language service warm. */
async function completions(page: Page, rounds: number): Promise<number[]> {
  const times: number[] = [];
  const list = page.locator(".cm-tooltip-autocomplete li");
  for (let round = -1; round < rounds; round++) {
    await page.keyboard.press("Enter");
    await page.keyboard.type("value3");
    const start = await page.evaluate(() => performance.now());
    await page.keyboard.press(".");
    await list.getByText("deviation").waitFor({ timeout: 60_000 });
    const end = await page.evaluate(() => performance.now());
    if (round >= 0) times.push(end - start);
    await page.keyboard.press("Escape");
    await list.first().waitFor({ state: "detached" });
    await page.keyboard.type(";");
  }
  return times;
}

export async function run(print: (line: string) => void): Promise<void> {
  const browser = await openChromium();
  const base = await alone(browser);
  print(line("baseline: one cell, empty", base));
  const opened = await openWorkbook(browser, workbook());
  const { page } = opened;
  await write(page, "c1");
  print(line("keystroke to paint, 100 cells", await keystrokes(page, typed), base));
  const memory = await page.evaluate(
    () => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
  );
  print(`${"page's heap with 100 cells".padEnd(52)} ${(memory / 2 ** 20).toFixed(1)} MiB`);
  await page.keyboard.press("End");
  print(line("“.” to the list of members, 100 cells", await completions(page, 15)));
  await opened.close();
  await browser.close();
}
