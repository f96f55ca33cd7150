import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openChromium } from "../support/chromium.ts";
import { openToWrite } from "../support/opened-workbook.ts";
import { shoot } from "../support/shoot.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser.close());

const fence = "```";
const cell = (id: string, source: string) => `${fence}ts {#${id}}\n${source}\n${fence}\n`;
const text = ["# Steps", cell("first", "const a = 1"), cell("second", "const b = a")].join("\n");

const writing = (source = text) => openToWrite(browser, source);

const editorOf = (page: Page, id: string) => page.locator(`#cell-${id} .cm-content`);

async function atEnd(page: Page, id: string): Promise<void> {
  await editorOf(page, id).click();
  await page.locator(`#cell-${id} .cm-focused`).waitFor();
  await page.keyboard.press("Control+End");
}

/** Texts of the cells in page order, as they are on the screen. */
const sources = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("section.cell")].map((cell) => {
      const shown = cell.querySelector<HTMLElement>(".cm-content") ?? cell.querySelector("code")!;
      return shown.innerText.replace(/\n$/, "");
    }),
  );

/** What is selected in the editor that has the focus. */
const selected = (page: Page) => page.evaluate(() => document.getSelection()?.toString());

test("undo takes back typing by pauses, what is pasted by itself, and puts the cursor where it was", async () => {
  const { page } = await writing();
  await atEnd(page, "first");
  await page.keyboard.type("234");
  await page.keyboard.press("Home");
  await page.keyboard.type("export ");
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData("text/plain", "// one\r\n// two\r");
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true });
    document.querySelector("#cell-first .cm-content")!.dispatchEvent(event);
  });
  await expect
    .poll(() => sources(page))
    .toEqual(["export // one\n// two\nconst a = 1234", "const b = a"]);
  await page.keyboard.press("Control+z");
  expect((await sources(page))[0]).toBe("export const a = 1234");
  await page.keyboard.press("Control+z");
  expect((await sources(page))[0]).toBe("const a = 1234");
  await page.keyboard.press("Control+z");
  expect((await sources(page))[0]).toBe("const a = 1");
  await page.keyboard.type(";");
  expect((await sources(page))[0]).toBe("const a = 1;");
});

test("text that was selected and typed over is selected again; done again, the cursor stands behind", async () => {
  const { page } = await writing();
  await atEnd(page, "second");
  for (let i = 0; i < 5; i++) await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.type("z");
  await atEnd(page, "first");
  await page.keyboard.press("Control+z");
  await page.locator("#cell-second .cm-focused").waitFor();
  await expect.poll(() => selected(page)).toBe("b = a");
  await page.keyboard.press("Control+Shift+z");
  await page.keyboard.type("!");
  expect((await sources(page))[1]).toBe("const z!");
});

test("splitting, merging and deleting are taken back in their order, after a reload as well", async () => {
  const { page, file } = await writing();
  await atEnd(page, "first");
  await page.keyboard.type(";\nconst c = 3");
  await page.keyboard.press("Home");
  await page.keyboard.press("Control+Shift+Minus");
  await expect.poll(() => sources(page)).toEqual(["const a = 1;", "const c = 3", "const b = a"]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("d");
  await page.keyboard.press("d");
  await expect.poll(() => sources(page)).toEqual(["const a = 1;", "const b = a"]);
  await page.keyboard.press("k");
  await page.keyboard.press("Shift+m");
  await expect.poll(() => sources(page)).toEqual(["const a = 1;\nconst b = a"]);
  await page.keyboard.press("Control+s");
  await expect.poll(() => readFile(file, "utf8")).not.toContain("const c");
  await page.reload();
  await page.waitForSelector(".is-writing section.cell");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await expect.poll(() => sources(page)).toContain("const c = 3");
  await page.keyboard.press("Control+z");
  await expect.poll(() => sources(page)).toEqual(["const a = 1;\nconst c = 3", "const b = a"]);
  for (let i = 0; i < 3; i++) await page.keyboard.press("Control+z");
  await expect.poll(() => sources(page)).toEqual(["const a = 1", "const b = a"]);
  for (let i = 0; i < 3; i++) await page.keyboard.press("Control+Shift+z");
  await expect.poll(async () => (await sources(page))[0]).toBe("const a = 1;\nconst c = 3");
});

test("a search goes through all cells, and what it finds is replaced as one step", async () => {
  const { page, pageErrors } = await writing(
    `# About a\n\n${cell("first", "const abc = 1")}\n${cell("second", "const b = abc + abc")}`,
  );
  await atEnd(page, "second");
  await page.keyboard.press("Control+f");
  await page.getByLabel("Find in all cells").fill("ABC");
  const count = page.locator(".find-count");
  await expect.poll(() => count.innerText()).toBe("1 of 3");
  await page.keyboard.press("Enter");
  await expect.poll(() => count.innerText()).toBe("2 of 3");
  await expect.poll(() => page.locator("#cell-second .found.is-current").count()).toBe(1);
  expect(await page.locator(".found").count()).toBe(3);
  expect(await page.locator(".found.is-current").count()).toBe(1);
  await shoot(page, "find");
  await page.keyboard.press("Shift+Enter");
  await expect.poll(() => count.innerText()).toBe("1 of 3");
  await page.getByRole("button", { name: "Tell capitals" }).click();
  await expect.poll(() => count.innerText()).toBe("Nothing found");
  await page.getByLabel("Find in all cells").fill("(abc");
  await page.getByRole("button", { name: "Regular expression" }).click();
  await expect.poll(() => count.innerText()).toMatch(/group/i);
  await page.getByLabel("Find in all cells").fill("a(bc)");
  await page.getByLabel("Replace with").fill("x$1");
  await page.getByRole("button", { name: "Replace all" }).click();
  await expect.poll(() => sources(page)).toEqual(["const xbc = 1", "const b = xbc + xbc"]);
  await page.keyboard.press("Escape");
  await expect.poll(() => page.locator(".found").count()).toBe(0);
  await page.keyboard.press("Control+z");
  await expect.poll(() => sources(page)).toEqual(["const abc = 1", "const b = abc + abc"]);
  expect(pageErrors).toEqual([]);
});

test("an expression that never ends is given up, and nothing waits for it", async () => {
  const { page, pageErrors } = await writing(cell("first", `const s = "${"a".repeat(60)}!"`));
  await atEnd(page, "first");
  await page.keyboard.press("Control+f");
  await page.getByRole("button", { name: "Regular expression" }).click();
  await page.getByLabel("Find in all cells").fill('(a+)+"');
  const count = page.locator(".find-count");
  await expect.poll(() => count.innerText()).toMatch(/^(Searching …|Takes too long)/);
  // It would go on for years: what is typed is on the page all the same.
  await atEnd(page, "first");
  await page.keyboard.type("; // b");
  await expect.poll(() => sources(page)).toEqual([`const s = "${"a".repeat(60)}!"; // b`]);
  await expect.poll(() => count.innerText()).toMatch(/^Takes too long/);
  await shoot(page, "find-late");
  await page.getByLabel("Find in all cells").fill("/+ (b)");
  await expect.poll(() => count.innerText()).toBe("1 of 1");
  expect(pageErrors).toEqual([]);
});

test("of many cells only those near the view have editors, of the height of what they stand for", async () => {
  const many = Array.from({ length: 120 }, (_, i) =>
    cell(`c${i}`, `const v${i} = 1;${"\n// and on".repeat(9)}`),
  );
  const { page } = await writing(many.join("\n"));
  await page.locator("#cell-c0 .cm-content").waitFor();
  const editors = () => page.locator(".cm-editor").count();
  await expect.poll(editors).toBeLessThan(20);
  const height = async (selector: string) => (await page.locator(selector).boundingBox())!.height;
  await page.locator("#cell-c119").scrollIntoViewIfNeeded();
  await page.locator("#cell-c119 .cm-content").waitFor();
  await page.locator("#cell-c0 .cm-content").waitFor({ state: "detached" });
  expect(await editors()).toBeLessThan(60);
  expect(await height("#cell-c119 .writing")).toBe(await height("#cell-c20 .code"));
});

test("a cell of 5,000 lines and a line of 100,000 characters are typed in", async () => {
  const lines = Array.from({ length: 5_000 }, (_, i) => `const v${i} = ${i};`).join("\n");
  const long = `const long = "${"abc ".repeat(25_000)}";`;
  const { page, pageErrors } = await writing(`${cell("lines", lines)}\n${cell("long", long)}`);
  await atEnd(page, "lines");
  await page.keyboard.type("\n// end");
  await expect.poll(() => editorOf(page, "lines").innerText()).toContain("// end");
  expect(await page.locator("#cell-lines .cm-line").count()).toBeLessThan(1_000);
  await atEnd(page, "long");
  await page.keyboard.type("\n// end too");
  await expect.poll(() => editorOf(page, "long").innerText()).toContain("// end too");
  expect(pageErrors).toEqual([]);
});
