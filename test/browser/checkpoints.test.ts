import { mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openChromium } from "../support/chromium.ts";
import { temporaryFolder } from "../support/folder.ts";
import { openWorkbook } from "../support/opened-workbook.ts";
import { writeWeights } from "../support/weight-files.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser.close());

const between = (share: number) => ({ left: [[1, share]], right: [[share, 1]], down: [[1]] });

async function opened(): Promise<{ page: Page; folder: string; errors: string[] }> {
  const workbook = await openWorkbook(browser, "# Notes\n");
  onTestFinished(() => workbook.close());
  return {
    page: workbook.page,
    folder: dirname(workbook.file),
    errors: workbook.pageErrors,
  };
}

/** Lets files fall on the page as a file manager would. */
async function drop(page: Page, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  const contents = Object.entries(files).map(([name, bytes]) => [name, [...bytes]] as const);
  await page.evaluate((contents) => {
    const dataTransfer = new DataTransfer();
    for (const [name, bytes] of contents) {
      dataTransfer.items.add(new File([Uint8Array.from(bytes)], name));
    }
    for (const type of ["dragenter", "dragover", "drop"]) {
      const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
      document.querySelector("main")!.dispatchEvent(event);
    }
  }, contents);
}

const boxes = (page: Page) => page.locator(".drop-box").allInnerTexts();

test("the panel opens by a key, shows a series with its audit, and inserts a cell that opens it", async () => {
  const { page, folder, errors } = await opened();
  await mkdir(join(folder, "run"));
  for (let i = 0; i < 6; i++) {
    if (i !== 3)
      await writeWeights(join(folder, "run"), `step_${100 * i}.safetensors`, between(i / 20));
  }
  await page.locator("main").click();
  await page.keyboard.press("Shift+C");
  await page.getByRole("button", { name: "run 5 files" }).click();
  await expect
    .poll(() => page.locator(".findings").allInnerTexts(), { timeout: 20_000 })
    .toEqual(["missing 1 step is missing of a schedule of every 100 steps: 300"]);
  expect(await page.locator(".series-facts").innerText()).toContain("2 → bilinear 1 → 1");
  await page.getByRole("button", { name: "Insert a cell that opens this" }).click();
  await expect
    .poll(() => page.locator(".cell .code, .cell .cm-content").allInnerTexts())
    .toEqual([expect.stringContaining('const series = await openSeries("run");')]);
  await page.locator(".panel-close").focus();
  await page.keyboard.press("Escape");
  expect(await page.locator(".panel").isVisible()).toBe(false);
  expect(errors).toEqual([]);
});

test("dropped checkpoints are kept beside the workbook, with a cell that opens them; nothing is overwritten", async () => {
  const { page, folder, errors } = await opened();
  const elsewhere = await temporaryFolder();
  const bytes = await readFile(await writeWeights(elsewhere, "a.safetensors", between(0.5)));
  await drop(page, { "model.safetensors": bytes });
  await expect.poll(() => boxes(page)).toEqual([expect.stringContaining("1 file kept in data")]);
  expect(bytes.equals(await readFile(join(folder, "data/model.safetensors")))).toBe(true);
  const code = page.locator(".cell .code, .cell .cm-content");
  await expect
    .poll(() => code.allInnerTexts())
    .toEqual([expect.stringContaining('await openCheckpoint("data/model.safetensors");')]);

  await drop(page, {
    "model.safetensors": bytes,
    "b.txt": bytes,
    "pickle.pt": Uint8Array.of(0x80, 2, 46),
  });
  await expect
    .poll(() => boxes(page))
    .toEqual([
      expect.stringContaining("1 file kept in data"),
      expect.stringContaining("Not kept: b.txt. Expected checkpoints"),
      expect.stringMatching(/1 file kept in data\/series-.* pickle\.pt/s),
    ]);
  // Of several files a new folder is made, in which nothing was kept but the one that is a checkpoint.
  const made = (await readdir(join(folder, "data"))).find((name) => name !== "model.safetensors")!;
  expect(await readdir(join(folder, "data", made))).toEqual(["model.safetensors"]);

  await drop(page, { "model.safetensors": Uint8Array.from(bytes.subarray(0, 64)) });
  await expect
    .poll(async () => (await boxes(page))[3])
    .toContain("there is a file of this name, which stays as it is");
  expect(bytes.equals(await readFile(join(folder, "data/model.safetensors")))).toBe(true);
  expect(errors).toEqual([]);
});

test("a dropped workbook is opened as one when the person says so, as a copy that has run nothing", async () => {
  const { page, folder } = await opened();
  const text = "# Dropped\n\n```ts {#x}\ndocument.title = 'ran'\n```\n";
  await drop(page, { "dropped.md": new TextEncoder().encode(text) });
  await page.getByRole("button", { name: "Open as a workbook" }).click();
  await page.waitForURL("**/w/dropped.md");
  await expect.poll(() => page.locator("h1").allInnerTexts()).toContain("Dropped");
  expect(await readFile(join(folder, "dropped.md"), "utf8")).toBe(text);
  expect(await page.title()).not.toBe("ran");
});
