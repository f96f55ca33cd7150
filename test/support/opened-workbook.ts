import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright";
import { onTestFinished } from "vitest";
import { type RunningServer, startServer } from "./simile-server.ts";

/** A workbook in a real browser on a real server, from a folder of its own. */
export interface OpenedWorkbook {
  readonly page: Page;
  readonly server: RunningServer;
  /** Path of the workbook's file. */
  readonly file: string;
  /** Errors that the page's script did not catch. */
  readonly pageErrors: string[];
  close(): Promise<void>;
}

/**
 * Writes a workbook to a new folder, serves it and opens it; a new file is untrusted, so nothing has run.
 *
 * @param text the Markdown of the workbook
 */
export async function openWorkbook(browser: Browser, text: string): Promise<OpenedWorkbook> {
  const folder = await mkdtemp(join(tmpdir(), "simile-workbook-"));
  const file = join(folder, "book.md");
  await writeFile(file, text);
  const server = await startServer(folder);
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const pageErrors: string[] = [];
  page.on("pageerror", (error) => pageErrors.push(error.message));
  await page.goto(server.url);
  await page.goto(new URL("/w/book.md", server.url).href);
  await page.waitForSelector(".cell, .prose");
  return {
    page,
    server,
    file,
    pageErrors,
    close: async () => {
      await page.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Opens a workbook to be written; it is closed with the test. */
export async function openToWrite(browser: Browser, text: string): Promise<OpenedWorkbook> {
  const workbook = await openWorkbook(browser, text);
  onTestFinished(() => workbook.close());
  await workbook.page.keyboard.press("Control+.");
  await workbook.page.waitForSelector(".is-writing");
  return workbook;
}

/** Presses the Run button of the untrusted banner. */
export async function trust(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Run", exact: true }).click();
}
