import type { Browser, Page } from "playwright";
import { openChromium } from "../support/chromium.ts";
import { openWorkbook, trust } from "../support/opened-workbook.ts";

export const name = "large: 200 cells, 10,000 log lines, a matrix of 4096 rows";

const fence = "```";

function cells(count: number): string {
  return Array.from({ length: count }, (_, i) => {
    const before = i === 0 ? "1" : `v${i - 1}`;
    if (i % 5 === 0)
      return `## Part ${i}\n\nSome *text* with $x_{${i}}$ and a [link](https://arxiv.org).`;
    const name = `v${i}`;
    const input = i % 5 === 1 ? "1" : before;
    return i % 5 === 2
      ? `${fence}ts {#${name} kernel}\nconst ${name} = ${input} + 1;\n${fence}`
      : `${fence}ts {#${name}}\nconst ${name} = ${input} + 1;\ndisplay(html\`<i class="made">\${${name}}</i>\`);\n${fence}`;
  }).join("\n\n");
}

/** Milliseconds between the frames of the page while `act` goes on, the longest first. */
async function frames(page: Page, act: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const gaps: number[] = [];
    let last = performance.now();
    const next = (now: number) => {
      gaps.push(now - last);
      last = now;
      if (!(globalThis as unknown as { framesEnd?: boolean }).framesEnd)
        requestAnimationFrame(next);
    };
    Object.assign(globalThis, { gaps, framesEnd: false });
    requestAnimationFrame(next);
  });
  await act();
  const gaps = await page.evaluate(() => {
    Object.assign(globalThis, { framesEnd: true });
    return (globalThis as unknown as { gaps: number[] }).gaps;
  });
  return gaps.sort((a, b) => b - a);
}

function longest(label: string, gaps: readonly number[], idle: readonly number[]): string {
  const text = gaps.slice(0, 3).map((gap) => gap.toFixed(0));
  return `${label.padEnd(58)} longest frames ${text.join(", ")} ms; idle ${idle[0]!.toFixed(0)} ms`;
}

async function openings(browser: Browser, print: (line: string) => void): Promise<void> {
  for (const count of [10, 200]) {
    const opened = await openWorkbook(browser, cells(count));
    const { page } = opened;
    await trust(page);
    const made = Math.floor((count * 3) / 5);
    const isMade = (made: number) => document.querySelectorAll(".made").length >= made;
    await page.waitForFunction(isMade, made, { timeout: 60_000 });
    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      await page.reload();
      await page.waitForFunction(isMade, made, { timeout: 60_000, polling: 20 });
      times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    print(
      `${`open ${count} cells, all values there`.padEnd(58)} median ${times[2]!.toFixed(0)} ms of 5`,
    );
    const view = await frames(page, async () => {
      await page.keyboard.press("Control+.");
      await page.waitForTimeout(500);
    });
    print(
      `${`  from reading to writing ${count} cells`.padEnd(58)} longest frame ${view[0]!.toFixed(0)} ms`,
    );
    await opened.close();
  }
}

async function logs(browser: Browser, print: (line: string) => void): Promise<void> {
  const opened = await openWorkbook(
    browser,
    `${fence}ts {#go}
const go = view(Inputs.button("Print"));
${fence}

${fence}ts {#said kernel}
if (go > 0) for (let i = 0; i < 10_000; i++) console.log("line", i);
const said = go;
${fence}
`,
  );
  const { page } = opened;
  await trust(page);
  await page.waitForSelector("#cell-go .output button");
  const idle = await frames(page, () => page.waitForTimeout(1_000));
  const gaps = await frames(page, async () => {
    await page.locator("#cell-go .output button").click();
    await page.waitForFunction(
      () => document.querySelector("#cell-said .log")?.textContent?.includes("line 9999"),
      undefined,
      { timeout: 60_000 },
    );
    await page.waitForTimeout(300);
  });
  print(longest("10,000 lines of a kernel cell's log", gaps, idle));
  await opened.close();
}

async function matrix(browser: Browser, print: (line: string) => void): Promise<void> {
  const opened = await openWorkbook(
    browser,
    `${fence}ts {#go}
const go = view(Inputs.button("Draw"));
${fence}

${fence}ts {#large}
const large = Float32Array.from({length: 4096 * 4096}, (_, i) => (i % 4096) / 4096);
${fence}

${fence}ts {#drawn}
go > 0 ? heatmap({shape: [4096, 4096], data: large}) : "not yet"
${fence}
`,
  );
  const { page } = opened;
  await trust(page);
  await page.waitForFunction(
    () => document.querySelector("#cell-drawn .output")?.textContent?.includes("not yet"),
    undefined,
    { timeout: 60_000 },
  );
  const idle = await frames(page, () => page.waitForTimeout(1_000));
  const gaps = await frames(page, async () => {
    await page.locator("#cell-go .output button").click();
    await page.waitForSelector("#cell-drawn canvas");
    // Painted in bands; reading the canvas to see how far would itself hold up a frame.
    await page.waitForTimeout(2_000);
    const box = (await page.locator("#cell-drawn canvas").last().boundingBox())!;
    for (let i = 0; i < 60; i++) await page.mouse.move(box.x + 3 * i, box.y + 4 * i);
  });
  print(longest("4096 × 4096 drawn and pointed at", gaps, idle));
  await opened.close();
}

export async function run(print: (line: string) => void): Promise<void> {
  const browser = await openChromium();
  await openings(browser, print);
  await logs(browser, print);
  await matrix(browser, print);
  await browser.close();
}
