import { readdir } from "node:fs/promises";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openChromium } from "../support/chromium.ts";
import { shoot } from "../support/shoot.ts";
import { cell, type Desk, openDesk } from "../support/written-workbook.ts";

let browser: Browser;
let desk: Desk;
let page: Page;
beforeAll(async () => {
  browser = await openChromium();
  desk = await openDesk(browser);
  page = await desk.context.newPage();
  await page.goto(desk.server.url);
});
afterAll(async () => {
  await desk.close();
  await browser.close();
});

const home = () => page.goto(new URL("/", desk.server.url).href);
const files = async () => (await readdir(desk.folder)).filter((name) => name.endsWith(".md"));
const links = () => page.locator(".home-list li > a").allInnerTexts();
const menu = async (title: string, entry: string) => {
  await page.getByRole("button", { name: `${title}: what can be done` }).click();
  await page.getByRole("menuitem", { name: entry }).click();
};

test("in an empty folder a workbook is made by keys alone, and is open to be written", async () => {
  await page.getByText("There is no workbook in this folder yet").waitFor();
  await page.getByRole("button", { name: "New workbook" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog[open]");
  await page.keyboard.type("The Final Run");
  expect(await page.getByLabel("File").inputValue()).toBe("the-final-run.md");
  await shoot(page, "home-new");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".is-writing .cell-handle");
  expect(new URL(page.url()).pathname).toBe("/w/the-final-run.md");
  expect(await page.locator(".prose h1").innerText()).toBe("The Final Run");
  expect(await files()).toEqual(["the-final-run.md"]);
  // What its author writes in it runs without a question.
  expect(await page.getByText("has not been run on this machine").count()).toBe(0);
  await page.keyboard.press("b");
  await page.keyboard.press("Enter");
  await page.keyboard.type("6 * 7");
  await page.keyboard.press("Control+Enter");
  await expect.poll(() => page.locator(".cell .output").innerText()).toBe("42");
});

test.for([
  ["the-final-run", "Cannot make the-final-run.md: it exists already"],
  ["nowhere/a", "Cannot make nowhere/a.md: there is no folder nowhere"],
  [
    "../a",
    'Cannot make "../a.md": expected the path of a .md or .html file under the served folder',
  ],
  [
    ".hidden",
    'Cannot make ".hidden.md": expected the path of a .md or .html file under the served folder',
  ],
  ["", "A workbook needs a title, or the name of a file"],
] as const)("a new workbook at %j is refused: %s", async ([path, sentence]) => {
  await home();
  await page.getByRole("button", { name: "New workbook" }).click();
  await page.getByLabel("File").fill(path);
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator("dialog .problem").innerText()).toBe(sentence);
  // What was written is still there to be mended.
  expect(await page.getByLabel("File").inputValue()).toBe(path);
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  expect(await files()).toEqual(["the-final-run.md"]);
});

test("a workbook is copied, renamed, deleted and had back; the focus stays with it", async () => {
  await home();
  await menu("The Final Run", "Duplicate");
  await expect.poll(files).toEqual(["the-final-run copy.md", "the-final-run.md"]);
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-path"));
  await expect.poll(focused).toBe("the-final-run copy.md");
  await page.keyboard.press("F2");
  await page.getByLabel("File").fill("other");
  await page.keyboard.press("Enter");
  await expect.poll(files).toEqual(["other.md", "the-final-run.md"]);
  await expect.poll(focused).toBe("other.md");
  await page.keyboard.press("Delete");
  await expect.poll(files).toEqual(["the-final-run.md"]);
  await expect.poll(focused).toBe("the-final-run.md");
  await page.getByText("Deleted workbooks (1)").click();
  await shoot(page, "home-trash");
  await page.getByRole("button", { name: "Restore The Final Run" }).click();
  await expect.poll(files).toEqual(["other.md", "the-final-run.md"]);
  await expect.poll(focused).toBe("other.md");
  expect(await page.locator(".home-trash").isHidden()).toBe(true);
  expect(await links()).toHaveLength(2);
});

test("what cannot be done with a file is said where it was asked for", async () => {
  await home();
  await page.route("**/api/workbooks/duplicate", (route) =>
    route.fulfill({ status: 409, json: { error: "Cannot make x.md: the disk is full" } }),
  );
  const more = page.locator(".home-more").first();
  await more.click();
  await page.getByRole("menuitem", { name: "Duplicate" }).click();
  await expect
    .poll(() => page.locator(".home-problem").innerText())
    .toBe("Cannot make x.md: the disk is full");
  await page.unroute("**/api/workbooks/duplicate");
});

test("a workbook is given another title and file while it is open, and goes on", async () => {
  const workbook = await desk.open(`# Old\n\n${cell("one", "const one = 1;")}`);
  const tab = workbook.page;
  const other = await workbook.again();
  await tab.getByRole("button", { name: "Old", exact: true }).click();
  await tab.getByRole("textbox", { name: "Title" }).fill("New title");
  await tab.getByRole("textbox", { name: "File" }).fill("moved");
  await tab.keyboard.press("Enter");
  await expect.poll(() => new URL(tab.url()).pathname).toBe("/w/moved.md");
  await expect.poll(() => new URL(other.page.url()).pathname).toBe("/w/moved.md");
  await expect.poll(() => tab.locator(".bar-title").innerText()).toBe("New title");
  await expect.poll(() => other.page.locator(".bar-title").innerText()).toBe("New title");
  await workbook.choose("one");
  await tab.keyboard.press("b");
  await expect.poll(async () => (await other.order()).length).toBe(3);
  expect(await files()).not.toContain(workbook.name);
});
