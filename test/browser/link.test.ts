import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openChromium } from "../support/chromium.ts";
import { openWorkbook, trust } from "../support/opened-workbook.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser.close());

const fence = "```";
const text = `# Inputs

${fence}ts {#controls}
const n = view(Inputs.range([0, 100], {label: "n", step: 1, value: 3}));
const precision = view(Inputs.radio(["float64", "float32"], {label: "Precision", value: "float64"}));
const run = view(Inputs.select([{name: "a"}, {name: "b"}, {name: "c"}], {label: "Run", format: (d) => d.name}));
${fence}

${fence}ts {#square kernel}
const square = n * n;
${fence}

${fence}ts {#late}
const times = view(Inputs.range([0, square], {label: "times", step: 1, value: 1}));
${fence}

${fence}ts {#shown}
html\`<output id="shown">\${n} \${precision} \${run.name} \${times}</output>\`
${fence}
`;

const shown = (page: Page) => page.locator("#shown").innerText();

test("a copied link and a reload reproduce every input; what it does not know is said; the way back stays short", async () => {
  const workbook = await openWorkbook(browser, text);
  onTestFinished(() => workbook.close());
  const { page } = workbook;
  await trust(page);
  await expect.poll(() => shown(page)).toBe("3 float64 a 1");
  const length = await page.evaluate(() => history.length);
  await page.locator("#cell-controls input[type=number]").fill("20");
  await page.getByLabel("float32").check();
  await page.getByLabel("Run", { exact: true }).selectOption({ label: "c" });
  await expect
    .poll(() => page.locator("#cell-late input[type=range]").getAttribute("max"))
    .toBe("400");
  await page.locator("#cell-late input[type=number]").fill("300");
  await expect.poll(() => shown(page)).toBe("20 float32 c 300");
  const hash = "#controls.n=20&controls.precision=float32&controls.run=~2&late.times=300";
  await expect.poll(() => new URL(page.url()).hash).toBe(hash);
  expect(await page.evaluate(() => history.length)).toBe(length);

  await page.reload();
  await expect.poll(() => page.locator("#shown").count()).toBe(1);
  await expect.poll(() => shown(page)).toBe("20 float32 c 300");
  expect(new URL(page.url()).hash).toBe(hash);

  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByRole("button", { name: "Link copied" }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(`${workbook.server.url.replace(/\/\?.*$/, "")}/w/book.md${hash}`);

  const context = await browser.newContext({ storageState: await page.context().storageState() });
  onTestFinished(() => context.close());
  const other = await context.newPage();
  await other.goto(`${link}&controls.gone=1`.replace("times=300", "times=9999"));
  await expect.poll(() => other.locator("#shown").count()).toBe(1);
  await expect.poll(() => shown(other)).toBe("20 float32 c 1");
  const banner = other.locator(".banner[data-subject=address]");
  await expect.poll(() => banner.innerText()).toContain("controls.gone=1 (there is no such input)");
  await expect
    .poll(() => banner.innerText())
    .toContain("late.times=9999 (the input does not take it)");
  expect(workbook.pageErrors).toEqual([]);
});
