import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { faultsOfBothThemes } from "../support/axe.ts";
import { openChromium } from "../support/chromium.ts";
import { type OpenedWorkbook, openWorkbook } from "../support/opened-workbook.ts";
import { shoot } from "../support/shoot.ts";
import { startServer } from "../support/simile-server.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser.close());

const fence = "```";
const text = `---
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

async function opened(): Promise<OpenedWorkbook> {
  const workbook = await openWorkbook(browser, text);
  onTestFinished(() => workbook.close());
  await write(workbook.page);
  return workbook;
}

/** Shows the workbook to be written. */
async function write(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Edit", exact: true }).click();
}

/** Opens a cell and goes to the end of its text. */
async function into(page: Page, cell: string): Promise<void> {
  await page.locator(`#cell-${cell} .cm-content`).click();
  await page.keyboard.press("Control+End");
}

const word = (page: Page) => page.locator(".save-chip").innerText();
const banner = (page: Page, subject: string) => page.locator(`.banner[data-subject="${subject}"]`);

test("what is typed is in the file a moment later, at once with Ctrl+S, and the page says so", async () => {
  const { page, file } = await opened();
  expect(await word(page)).toBe("saved");
  await into(page, "fit");
  await page.keyboard.type("// more");
  await expect.poll(() => readFile(file, "utf8")).toContain("const b = 2;// more\n");
  await expect.poll(() => word(page)).toBe("saved");
  await page.keyboard.type("!");
  await page.keyboard.press("Control+s");
  await page.locator(".said", { hasText: /^(Saved|Everything is in the file)/ }).waitFor();
  expect(await readFile(file, "utf8")).toContain("// more!\n");
});

describe("a file that another program changes", () => {
  test("with nothing unsaved here is followed by cell, the one that is written in too", async () => {
    const { page, file } = await opened();
    await into(page, "plot");
    await writeFile(file, text.replace("a + b", "a * b").replace("# First", "# Another"));
    await expect.poll(() => page.locator("#cell-plot .cm-content").innerText()).toBe("a * b");
    await expect.poll(() => page.locator("h1").innerText()).toBe("Another");
    expect(await page.locator(".conflicts").isVisible()).toBe(false);
  });

  test("and that was edited here meanwhile is not written until somebody decides", async () => {
    const { page, file } = await opened();
    await into(page, "fit");
    const theirs = text.replace("const a = 1;", "const a = 100;");
    // The file must change between an edit and its being saved, which takes half a second.
    for (let round = 0; !(await page.locator(".conflicts").isVisible()); round++) {
      expect(round).toBeLessThan(6);
      const mine = readFileSync(file, "utf8").includes("const a = 7") ? "8" : "7";
      await page.keyboard.press("Control+Home");
      await page.keyboard.press("End");
      await page.keyboard.press("Backspace");
      await page.keyboard.press("Backspace");
      await page.keyboard.type(`${mine};`);
      writeFileSync(file, theirs);
      await page
        .locator(".conflicts")
        .waitFor({ timeout: 3_000 })
        .catch(() => {});
    }
    await expect.poll(() => word(page)).toBe("not saved");
    await page.getByRole("button", { name: "Decide" }).click();
    await page.locator(".cm-mergeView").waitFor();
    await page.locator(".conflict-base summary").click();
    await page.locator(".conflict-base table").first().waitFor();
    expect(await faultsOfBothThemes(page)).toEqual([]);
    await shoot(page, "conflict");
    // The rest of the page goes on.
    await into(page, "plot");
    await page.keyboard.type(" // here");
    expect(await readFile(file, "utf8")).toBe(theirs);
    await page.getByRole("textbox", { name: "fit as it will be" }).click();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("const a = 9;");
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => readFile(file, "utf8")).toContain("const a = 9;\n```");
    expect(await readFile(file, "utf8")).toContain("a + b // here");
    await expect.poll(() => word(page)).toBe("saved");
    expect(await page.locator(".conflicts").isVisible()).toBe(false);
  });
});

test("a file that is deleted is said to be gone, and made again here or elsewhere", async () => {
  const { page, file, server } = await opened();
  rmSync(file);
  await banner(page, "file").waitFor();
  expect(await banner(page, "file").innerText()).toContain("The file is not there any more");
  expect(await faultsOfBothThemes(page)).toEqual([]);
  await shoot(page, "gone");
  await page.getByRole("button", { name: "Save again here" }).click();
  await expect.poll(() => readFile(file, "utf8").catch(() => "")).toBe(text);
  await expect.poll(() => banner(page, "file").count()).toBe(0);
  rmSync(file);
  await banner(page, "file").waitFor();
  await page.getByRole("button", { name: "Save a copy as …" }).click();
  await page.getByRole("textbox", { name: "Path of the copy" }).fill("kept.md");
  await page.getByRole("button", { name: "Save the copy" }).click();
  await page.waitForURL(new URL("/w/kept.md", server.url).href);
  await page.locator("h1", { hasText: "First" }).waitFor();
  expect(await readFile(file.replace("book.md", "kept.md"), "utf8")).toBe(text);
});

/** A page of a workbook in a folder. */
async function served(folder: string, path = "book.md", state?: string) {
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

describe("a file that cannot be written", () => {
  test("because its folder is gone: said, kept, and written when it is back", async () => {
    const folder = mkdtempSync(join(tmpdir(), "simile-gone-"));
    await mkdir(join(folder, "sub"));
    writeFileSync(join(folder, "sub", "book.md"), text);
    const { page } = await served(folder, "sub/book.md");
    await into(page, "fit");
    renameSync(join(folder, "sub"), join(folder, "away"));
    await page.keyboard.type("// kept");
    await banner(page, "saving").waitFor();
    expect(await word(page)).toBe("not saved");
    expect(await banner(page, "saving").innerText()).toContain("Cannot save book.md: its folder");
    expect(await faultsOfBothThemes(page)).toEqual([]);
    await shoot(page, "not-saved");
    const [copy] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download a copy" }).click(),
    ]);
    expect(copy.suggestedFilename()).toBe("book.md");
    const whole = text.replace("const b = 2;", "const b = 2;// kept");
    expect(readFileSync(await copy.path(), "utf8")).toBe(whole);
    renameSync(join(folder, "away"), join(folder, "sub"));
    await page.getByRole("button", { name: "Try again" }).click();
    await expect.poll(() => readFileSync(join(folder, "sub", "book.md"), "utf8")).toBe(whole);
    await expect.poll(() => word(page)).toBe("saved");
    await expect.poll(() => banner(page, "saving").count()).toBe(0);
  });

  test("because the disk is full: the file stays whole, and follows when there is room", async (context) => {
    const folder = mkdtempSync(join(tmpdir(), "simile-full-"));
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]);
    if (mounted.status !== 0) return context.skip("mounting a small disk is not permitted here");
    onTestFinished(() => {
      spawnSync("umount", ["-l", folder]);
      rmSync(folder, { recursive: true, force: true });
    });
    const file = join(folder, "book.md");
    writeFileSync(file, text);
    const { page } = await served(folder);
    await into(page, "fit");
    const filler = join(folder, "filler");
    for (let size = 64 * 1024; size >= 1024; size /= 2) {
      try {
        writeFileSync(filler, Buffer.alloc(size, 1), { flag: "a" });
      } catch {
        // Half as much, then.
      }
    }
    await page.keyboard.insertText(`// ${"long ".repeat(2_000)}`);
    await banner(page, "saving").waitFor();
    expect(await banner(page, "saving").innerText()).toContain("the disk is full");
    expect(readFileSync(file, "utf8")).toBe(text);
    rmSync(filler);
    await page.getByRole("button", { name: "Try again" }).click();
    await expect.poll(() => readFileSync(file, "utf8")).toContain("long long");
    await expect.poll(() => word(page)).toBe("saved");
  });
});

test("edits that a killed server had not written are back, and said to be", async () => {
  const folder = mkdtempSync(join(tmpdir(), "simile-back-"));
  const state = mkdtempSync(join(tmpdir(), "simile-back-state-"));
  const file = join(folder, "book.md");
  writeFileSync(file, text);
  const first = await served(folder, "book.md", state);
  await into(first.page, "fit");
  const away = `${file}.away`;
  // While the file is another thing nothing is written.
  renameSync(file, away);
  await mkdir(file);
  await first.page.keyboard.type("// back");
  await banner(first.page, "saving").waitFor();
  const ended = new Promise((resolve) => first.server.process.once("exit", resolve));
  first.server.process.kill("SIGKILL");
  await ended;
  rmSync(file, { recursive: true });
  renameSync(away, file);
  const { page } = await served(folder, "book.md", state);
  await banner(page, "recovered").waitFor();
  expect(await banner(page, "recovered").innerText()).toMatch(/were? not in the file w\w+ found/);
  expect(await faultsOfBothThemes(page)).toEqual([]);
  await shoot(page, "recovered");
  await expect.poll(() => readFileSync(file, "utf8")).toContain("const b = 2;// back\n");
});

test("what was typed and never reached the server is in the next tab, and in the file", async () => {
  const { file, server } = await opened();
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(server.url);
  const tab = await context.newPage();
  let isCut = false;
  await tab.routeWebSocket(/socket/, (socket) => {
    const other = socket.connectToServer();
    socket.onMessage((message) => {
      if (!isCut) other.send(message);
    });
  });
  await tab.goto(new URL("/w/book.md", server.url).href);
  await tab.waitForSelector(".cell");
  await write(tab);
  await into(tab, "fit");
  await expect.poll(() => word(tab)).toBe("saved");
  isCut = true;
  await tab.keyboard.type("// never sent");
  const unsent = () =>
    page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes("unsent")).length);
  await expect.poll(unsent).toBe(1);
  // As a browser that is killed: nothing is asked.
  await tab.close({ runBeforeUnload: false });
  expect(await readFile(file, "utf8")).toBe(text);
  const next = await context.newPage();
  await next.goto(new URL("/w/book.md", server.url).href);
  await banner(next, "recovered").waitFor();
  expect(await banner(next, "recovered").innerText()).toContain("in a tab that was closed");
  await expect.poll(() => readFile(file, "utf8")).toContain("const b = 2;// never sent\n");
  await expect.poll(unsent).toBe(0);
});

test("what a kernel cell printed and showed while no tab was open is there when one opens", async () => {
  const folder = mkdtempSync(join(tmpdir(), "simile-away-"));
  const done = join(folder, "done");
  const cell = `${fence}ts {#slow kernel run=once}
import {existsSync, writeFileSync} from "node:fs";
while (!existsSync(${JSON.stringify(join(folder, "closed"))})) await new Promise((r) => setTimeout(r, 20));
console.log("printed alone");
const rows = [{name: "shown alone", n: 1}, {name: "b", n: 2}];
display(rows);
writeFileSync(${JSON.stringify(done)}, "");
rows
${fence}
`;
  writeFileSync(join(folder, "book.md"), cell);
  const { page, server } = await served(folder);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.locator('.sign[data-state="running"]').waitFor();
  await page.close();
  writeFileSync(join(folder, "closed"), "");
  await expect.poll(() => existsSync(done)).toBe(true);
  rmSync(done);
  const later = await browser.newPage();
  onTestFinished(() => later.close());
  await later.goto(server.url);
  await later.goto(new URL("/w/book.md", server.url).href);
  await later.locator("#cell-slow", { hasText: "printed alone" }).waitFor();
  await later.locator("#cell-slow", { hasText: "shown alone" }).waitFor();
  // It was not run again for that.
  expect(existsSync(done)).toBe(false);
});

test("the history shows what was, cell by cell, and gives it back as one edit", async () => {
  const { page, file } = await opened();
  await into(page, "fit");
  await page.keyboard.type("\nconst c = 3; // a third");
  await expect.poll(() => readFile(file, "utf8")).toContain("// a third");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("history");
  await page.keyboard.press("Enter");
  const version = page.locator(".history-version", { hasText: "1 cell differs: fit" });
  await version.waitFor();
  expect(await faultsOfBothThemes(page)).toEqual([]);
  await shoot(page, "history");
  await page.setViewportSize({ width: 1280, height: 900 });
  await version.click();
  await page.locator("dialog .difference").waitFor();
  expect(await faultsOfBothThemes(page)).toEqual([]);
  await shoot(page, "history-diff");
  await page.getByRole("button", { name: "Side by side" }).click();
  await shoot(page, "history-diff-2");
  await page.getByRole("button", { name: "Restore this version" }).click();
  await expect.poll(() => readFile(file, "utf8")).toBe(text);
  await page.keyboard.press("Control+z");
  await expect.poll(() => readFile(file, "utf8")).toContain("// a third");
});

test("the outline names headings and cells, marks where one is, and goes there by keyboard", async () => {
  const { page } = await opened();
  await page.locator("h1").click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("o");
  const places = page.locator(".outline-place");
  expect(await places.allInnerTexts()).toEqual(["First", "fit", "Second", "plot"]);
  await shoot(page, "outline");
  expect(await faultsOfBothThemes(page)).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 320 });
  await places.first().focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("cell-plot");
  await expect.poll(() => page.locator(".outline-place[aria-current]").innerText()).toBe("plot");
});
