import { readFile, rename, writeFile } from "node:fs/promises";
import type { Browser } from "playwright";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openChromium } from "../support/chromium.ts";
import { type OpenedWorkbook, openWorkbook, trust } from "../support/opened-workbook.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser.close());

async function opened(text: string): Promise<OpenedWorkbook> {
  const workbook = await openWorkbook(browser, text);
  onTestFinished(() => workbook.close());
  return workbook;
}

const fence = "```";
const slider = `${fence}ts {#n}
const n = view(Inputs.range([0, 1000], {label: "n", step: 1, value: 3}));
${fence}`;

/** Sets the slider as dragging it would, without waiting for anything. */
async function drag(workbook: OpenedWorkbook, values: readonly number[]): Promise<void> {
  await workbook.page.evaluate(async (values) => {
    const input = document.querySelector<HTMLInputElement>("#cell-n input[type=range]")!;
    for (const value of values) {
      input.valueAsNumber = value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
  }, values);
}

test("an unread workbook shows prose and source, and evaluates nothing until Run is pressed", async () => {
  const { page } = await opened(`# Title with $x^2$

${fence}ts {#mark}
document.title = "evaluated"
${fence}

${fence}ts {#made kernel}
const made = process.pid;
${fence}

${fence}ts {#shown}
html\`<output id="made">\${made}</output>\`
${fence}
`);
  await page.waitForTimeout(500);
  expect(await page.title()).not.toBe("evaluated");
  expect(await page.locator("h1").innerText()).toContain("Title with");
  expect(await page.locator(".katex").count()).toBeGreaterThan(0);
  expect(await page.locator("#made").count()).toBe(0);
  await trust(page);
  await page.waitForSelector("#made");
  expect(Number(await page.locator("#made").innerText())).toBeGreaterThan(1);
});

test("a slider reruns the kernel cell below it, and the page shows the value", async () => {
  const workbook = await opened(`${slider}

${fence}ts {#square kernel}
const square = n * n;
${fence}

${fence}ts {#shown}
html\`<output id="square">\${square}</output>\`
${fence}
`);
  const { page } = workbook;
  await trust(page);
  await expect.poll(() => page.locator("#square").innerText()).toBe("9");
  await drag(workbook, [12]);
  await expect.poll(() => page.locator("#square").innerText()).toBe("144");
  expect(workbook.pageErrors).toEqual([]);
});

test("200 fast slider moves end on the right value, with stale runs stopped", async () => {
  const workbook = await opened(`${slider}

${fence}ts {#slow kernel}
globalThis.started = (globalThis.started ?? 0) + 1;
const end = Date.now() + 400;
while (Date.now() < end);
globalThis.finished = (globalThis.finished ?? 0) + 1;
const slow = {n, started: globalThis.started, finished: globalThis.finished};
${fence}

${fence}ts {#shown}
html\`<output id="slow">\${slow.n} \${slow.started} \${slow.finished}</output>\`
${fence}
`);
  const { page } = workbook;
  await trust(page);
  await expect.poll(() => page.locator("#slow").innerText(), { timeout: 10_000 }).toBe("3 1 1");
  const start = Date.now();
  await drag(workbook, Array.from({ length: 200 }, (_, i) => 801 + (i % 199)).concat(777));
  await expect.poll(() => page.locator("#slow").innerText(), { timeout: 30_000 }).toMatch(/^777 /);
  const [, started, finished] = (await page.locator("#slow").innerText()).split(" ").map(Number);
  const seconds = (Date.now() - start) / 1000;
  // Had every started run been left to finish, it would have taken 0.4 s each.
  expect(started! - finished!).toBeGreaterThan(0);
  expect(finished! * 0.4).toBeLessThan(seconds);
});

test("editing a cell on disk reruns that cell and what reads it, and nothing else", async () => {
  const text = `${fence}ts {#first kernel}
const first = "one";
${fence}

${fence}ts {#other kernel}
const other = "untouched " + (globalThis.others = (globalThis.others ?? 0) + 1);
${fence}

${fence}ts {#shown-first}
html\`<output id="first">\${first} \${window.firsts = (window.firsts ?? 0) + 1}</output>\`
${fence}

${fence}ts {#shown-other}
html\`<output id="other">\${other} \${window.seen = (window.seen ?? 0) + 1}</output>\`
${fence}
`;
  const { page, file } = await opened(text);
  await trust(page);
  await expect.poll(() => page.locator("#first").innerText()).toBe("one 1");
  await expect.poll(() => page.locator("#other").innerText()).toBe("untouched 1 1");
  await writeFile(`${file}.new`, text.replace('"one"', '"two"'));
  await rename(`${file}.new`, file);
  await expect.poll(() => page.locator("#first").innerText()).toBe("two 2");
  expect(await page.locator("#other").innerText()).toBe("untouched 1 1");
  expect(await readFile(file, "utf8")).toContain('"two"');
});

test("a kernel that is killed leaves the workbook standing, names the cell, and restarts by one click", async () => {
  const { page } = await opened(`Some prose.

${fence}ts {#pid kernel}
const pid = process.pid;
${fence}

${fence}ts {#shown}
html\`<output id="pid">\${pid}</output>\`
${fence}

${fence}ts {#go}
const go = view(Inputs.toggle({label: "go"}));
${fence}

${fence}ts {#endless kernel}
const endless = go ? await new Promise((resolve) => setTimeout(resolve, 1e6, 1)) : 0;
${fence}

${fence}ts {#shown-endless}
html\`<output id="endless">\${endless}</output>\`
${fence}
`);
  await trust(page);
  await expect.poll(() => page.locator("#endless").innerText()).toBe("0");
  const pid = Number(await page.locator("#pid").innerText());
  await page.locator("#cell-go input").check();
  await page.waitForSelector('#cell-endless[data-state="running"]');
  process.kill(pid, "SIGKILL");
  const banner = page.locator('.banner[data-tone="warning"]');
  await banner.waitFor();
  expect(await banner.innerText()).toContain("endless");
  expect(await page.locator(".prose").first().innerText()).toContain("Some prose");
  // Nothing reruns by itself.
  await page.waitForTimeout(700);
  expect(await page.locator("#pid").innerText()).toBe(String(pid));
  await page.locator("#cell-go input").uncheck();
  await banner.getByRole("button").click();
  await expect
    .poll(() => page.locator("#pid").innerText(), { timeout: 10_000 })
    .not.toBe(String(pid));
  await expect.poll(() => page.locator("#endless").innerText()).toBe("0");
  expect(await page.locator('.banner[data-tone="warning"]').count()).toBe(0);
});

test("an error stands at its own cell with its line and column, and what reads the cell waits for it", async () => {
  const { page } = await opened(`${fence}ts {#broken kernel}
interface Erased { name: string }
const list: Erased[] = [];
const broken = list[0].name;
${fence}

${fence}ts {#reader}
html\`<output>\${broken}</output>\`
${fence}
`);
  await trust(page);
  const failed = page.locator('#cell-broken[data-state="failed"]');
  await failed.waitFor();
  const text = await failed.innerText();
  expect(text).toContain("TypeError");
  expect(text).toMatch(/3:\d+|line 3/);
  await page.waitForSelector('#cell-reader[data-state="blocked"]');
});
