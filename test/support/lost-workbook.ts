import type { Browser, Page } from "playwright";
import { onTestFinished } from "vitest";
import { type OpenedWorkbook, openWorkbook } from "./opened-workbook.ts";
import { startServer } from "./simile-server.ts";

/** A fence of a workbook's text. */
export const fence = "```";
/** Headings and two cells. */
export const text = `---
title: A workbook
---

# First

${fence}ts {#fit}
const a = 1;
const b = 2;
${fence}

## Second

${fence}ts {#plot}
a + b
${fence}
`;

/** Shows the workbook to be written. */
export async function write(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Edit", exact: true }).click();
}

/** Opens a cell and goes to the end of its text. */
export async function into(page: Page, cell: string): Promise<void> {
  await page.locator(`#cell-${cell} .cm-content`).click();
  await page.keyboard.press("Control+End");
}

/** What the page says of saving. */
export const word = (page: Page) => page.locator(".save-chip").textContent();
/** The banner about a subject. */
export const banner = (page: Page, subject: string) =>
  page.locator(`.banner[data-subject="${subject}"]`);

/** The workbook, shown to be written; it is closed with the test. */
export async function opened(browser: Browser): Promise<OpenedWorkbook> {
  const workbook = await openWorkbook(browser, text);
  onTestFinished(() => workbook.close());
  await write(workbook.page);
  return workbook;
}

/** A page of a workbook in a folder. */
export async function served(browser: Browser, folder: string, path = "book.md", state?: string) {
  const server = await startServer(folder, state);
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  onTestFinished(async () => {
    await page.close();
    await server.stop();
  });
  await page.goto(server.url);
  await page.goto(new URL(`/w/${path}`, server.url).href);
  await page.waitForSelector(".cell, .prose");
  await write(page);
  return { page, server };
}
