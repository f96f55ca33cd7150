import type { Browser } from "playwright";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openChromium } from "../support/chromium.ts";
import { openWorkbook, trust } from "../support/opened-workbook.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser.close());

const fence = "```";
const text = `# First

Begin.

${fence}ts {#n}
const n = view(Inputs.range([0, 10], {label: "n", step: 1, value: 3}));
${fence}

Still first.

## Second

${fence}ts {#shown}
html\`<output id="made">\${n * n}</output>\`
${fence}

## Third
`;

test("headings begin slides; inputs live on; Escape goes back to where one was", async () => {
  const workbook = await openWorkbook(browser, text);
  onTestFinished(() => workbook.close());
  const { page } = workbook;
  await trust(page);
  await page.waitForSelector("#made");
  const seen = () => page.locator("main").innerText();
  await page.locator("main").click({ position: { x: 2, y: 2 } });
  await page.keyboard.press("Shift+P");
  const number = page.locator(".slide-number");
  expect(await number.innerText()).toBe("1 / 3");
  expect(await seen()).toMatch(/First[\s\S]*Begin[\s\S]*Still first/);
  expect(await seen()).not.toContain("Second");
  for (const part of [".top-bar", ".panel-rail", ".mode-line"]) {
    expect(await page.locator(part).isVisible(), part).toBe(false);
  }

  await page.locator("#cell-n input[type=number]").fill("4");
  await page.keyboard.press("ArrowRight");
  expect(await number.innerText()).toBe("1 / 3");
  await page.locator("#cell-n input[type=number]").blur();
  await page.keyboard.press("ArrowRight");
  expect(await number.innerText()).toBe("2 / 3");
  expect(await page.locator("#made").innerText()).toBe("16");
  expect(await seen()).not.toMatch(/First|Third/);
  await page.keyboard.press("End");
  expect(await seen()).toContain("Third");
  await page.keyboard.press("PageUp");
  await page.keyboard.press("Escape");
  expect(await number.isVisible()).toBe(false);
  expect(await seen()).toMatch(/First[\s\S]*Second[\s\S]*Third/);
});

test("full width lasts through a reload", async () => {
  const workbook = await openWorkbook(browser, text);
  onTestFinished(() => workbook.close());
  const { page } = workbook;
  const width = () => page.locator("main").evaluate((main) => main.getBoundingClientRect().width);
  const before = await width();
  await page.locator("main").click({ position: { x: 2, y: 2 } });
  await page.keyboard.press("w");
  expect(await width()).toBeGreaterThan(before + 50);
  await page.reload();
  await page.waitForSelector(".prose");
  expect(await width()).toBeGreaterThan(before + 50);
});
