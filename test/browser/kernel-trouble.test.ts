import type { Browser } from "playwright";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openChromium } from "../support/chromium.ts";
import { openWorkbook, trust } from "../support/opened-workbook.ts";
import { shoot } from "../support/shoot.ts";

let browser: Browser;
beforeAll(async () => {
  process.env["SIMILE_MEMORY"] = "400MB";
  browser = await openChromium();
});
afterAll(async () => {
  delete process.env["SIMILE_MEMORY"];
  await browser.close();
});

const fence = "```";
const text = `# Trouble

${fence}ts {#choice}
const choice = view(Inputs.select(["nothing", "fill", "native", "exit"], {label: "choice"}));
${fence}

${fence}ts {#weights kernel}
const weights = new Float64Array(5e6).fill(2);
const pid = process.pid;
${fence}

${fence}ts {#work kernel}
import { pbkdf2Sync } from "node:crypto";
const all = [];
while (choice === "fill") all.push(new Float64Array(1e6).fill(1));
if (choice === "native") pbkdf2Sync("a", "b", 2 ** 31 - 1, 64, "sha512");
if (choice === "exit") process.exit(3);
const work = choice;
${fence}

${fence}ts {#shown}
html\`<output id="work">\${work} \${pid}</output>\`
${fence}
`;

test("a cell that fills the memory, one that cannot be stopped, and one that ends the kernel", async () => {
  const workbook = await openWorkbook(browser, text);
  onTestFinished(() => workbook.close());
  const { page } = workbook;
  await trust(page);
  const shown = () => page.locator("#work").innerText();
  await expect.poll(shown, { timeout: 15_000 }).toMatch(/^nothing \d+$/);
  const pid = (await shown()).split(" ")[1];
  const choose = (choice: string) => page.locator("#cell-choice select").selectOption(choice);

  await choose("fill");
  const failed = page.locator('#cell-work[data-state="failed"]');
  await failed.waitFor();
  const message = await failed.innerText();
  expect(message).toMatch(/Cannot go on with "work": expected at most 400 MB of memory, found/);
  expect(message).toContain("Largest variables: weights 40 MB");
  await shoot(page, "memory");
  await choose("nothing");
  await expect.poll(shown, { timeout: 15_000 }).toBe(`nothing ${pid}`);

  await choose("native");
  await page.waitForSelector('#cell-work[data-state="running"]');
  await page.getByRole("button", { name: "Stop" }).click();
  const offered = page.getByRole("button", { name: "End kernel" });
  await offered.waitFor();
  const stuck = page.locator(".banner", { hasText: "Stopping work has not helped" });
  expect(await stuck.count()).toBe(1);
  await shoot(page, "stuck");
  await choose("nothing");
  await offered.focus();
  await page.keyboard.press("Enter");
  await expect.poll(shown, { timeout: 15_000 }).toMatch(/^nothing \d+$/);
  await expect.poll(shown, { timeout: 15_000 }).not.toBe(`nothing ${pid}`);
  await expect.poll(() => stuck.count(), { timeout: 15_000 }).toBe(0);

  await choose("exit");
  const banner = page.locator('.banner[data-tone="warning"]', { hasText: "The kernel stopped" });
  await banner.waitFor();
  expect(await banner.innerText()).toContain(
    "The kernel stopped while it ran work: process.exit(3) was called in line 5",
  );
  await shoot(page, "died");
  expect(workbook.pageErrors).toEqual([]);
});

const ends = `# Ends

${fence}ts {#choice}
const choice = view(Inputs.select(["nothing", "reject", "crash"], {label: "choice"}));
${fence}

${fence}ts {#kept kernel}
const kept = { pid: process.pid };
${fence}

${fence}ts {#work kernel}
const { pid } = kept;
if (choice === "reject") void Promise.reject(new TypeError("nobody awaits"));
// That it runs is told by then: nothing leaves a process after this.
if (choice === "crash") await new Promise((resolve) => setTimeout(resolve, 500));
if (choice === "crash") process.kill(process.pid, "SIGSEGV");
const work = choice;
${fence}

${fence}ts {#shown}
html\`<output id="work">\${work} \${pid}</output>\`
${fence}
`;

test("a promise nobody awaits is told at its cell; after a crash the cell is named, and nothing runs until somebody says so", async () => {
  const workbook = await openWorkbook(browser, ends);
  onTestFinished(() => workbook.close());
  const { page } = workbook;
  await trust(page);
  const shown = () => page.locator("#work").innerText();
  const settled = (choice: string) =>
    expect.poll(shown, { timeout: 15_000 }).toMatch(new RegExp(`^${choice} \\d+$`));
  await settled("nothing");
  const pid = (await shown()).split(" ")[1];

  await page.locator("#cell-choice select").selectOption("reject");
  await settled("reject");
  await expect
    .poll(() => page.locator("#cell-work").innerText())
    .toContain("TypeError: nobody awaits (line 2)");
  await shoot(page, "uncaught");
  expect((await shown()).split(" ")[1]).toBe(pid);

  await page.locator("#cell-choice select").selectOption("crash");
  const banner = page.locator('.banner[data-tone="warning"]', { hasText: "The kernel crashed" });
  await banner.waitFor();
  expect(await banner.innerText()).toContain(
    "The kernel crashed in native code (SIGSEGV). It ran work. Its values are gone",
  );
  await shoot(page, "crashed");
  await page.locator("#cell-choice select").selectOption("nothing");
  await page.waitForTimeout(500);
  expect(await banner.count()).toBe(1);

  await page
    .getByRole("button", { name: /^Restart/ })
    .first()
    .click();
  await settled("nothing");
  expect((await shown()).split(" ")[1]).not.toBe(pid);
  expect(workbook.pageErrors).toEqual([]);
});
