import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { faultsOfBothThemes } from "../support/axe.ts";
import { openChromium, openChromiumIn } from "../support/chromium.ts";
import {
  banner,
  fence,
  into,
  opened,
  served,
  text,
  word,
  write,
} from "../support/lost-workbook.ts";
import { shoot } from "../support/shoot.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser.close());

test("what is typed is in the file a moment later, at once with Ctrl+S, and the page says so", async () => {
  const { page, file } = await opened(browser);
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

test("edits that a killed server had not written are back, and said to be", async () => {
  const folder = mkdtempSync(join(tmpdir(), "simile-back-"));
  const state = mkdtempSync(join(tmpdir(), "simile-back-state-"));
  const file = join(folder, "book.md");
  writeFileSync(file, text);
  const first = await served(browser, folder, "book.md", state);
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
  const { page } = await served(browser, folder, "book.md", state);
  await banner(page, "recovered").waitFor();
  expect(await banner(page, "recovered").innerText()).toMatch(/were? not in the file w\w+ found/);
  expect(await faultsOfBothThemes(page)).toEqual([]);
  await shoot(page, "recovered");
  await expect.poll(() => readFileSync(file, "utf8")).toContain("const b = 2;// back\n");
});

test("what was typed and never reached the server is in the next tab, and in the file", async () => {
  const { file, server } = await opened(browser);
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

/** Ends all processes of a browser whose files are in a folder, without a word. */
async function kill(folder: string): Promise<void> {
  const { stdout } = spawnSync("pgrep", ["-f", "--", folder], { encoding: "utf8" });
  const pids = stdout.split("\n").filter(Boolean).map(Number);
  expect(pids.length).toBeGreaterThan(1);
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It went with another one.
    }
  }
  const isThere = () => spawnSync("pgrep", ["-f", "--", folder]).status === 0;
  await expect.poll(isThere).toBe(false);
}

test("a browser that is killed while one types loses nothing that was sent, nor what was not", async (context) => {
  if (spawnSync("pgrep", ["--version"]).status !== 0) return context.skip("there is no pgrep here");
  const { file, server } = await opened(browser);
  const folder = mkdtempSync(join(tmpdir(), "simile-killed-browser-"));
  const address = new URL("/w/book.md", server.url).href;
  const first = await openChromiumIn(folder);
  const tab = await first.newPage();
  let isCut = false;
  await tab.routeWebSocket(/socket/, (socket) => {
    const other = socket.connectToServer();
    socket.onMessage((message) => {
      if (!isCut) other.send(message);
    });
  });
  await tab.goto(server.url);
  await tab.goto(address);
  await tab.waitForSelector(".cell");
  await write(tab);
  await into(tab, "fit");
  await tab.keyboard.type("// sent");
  await expect.poll(() => readFile(file, "utf8")).toContain("// sent\n");
  isCut = true;
  await tab.keyboard.type(" and not sent");
  await expect.poll(() => keptIn(tab), { interval: 20 }).toContain("and not sent");
  await kill(folder);
  const second = await openChromiumIn(folder);
  onTestFinished(() => second.close());
  const next = await second.newPage();
  await next.goto(server.url);
  await next.goto(address);
  await banner(next, "recovered").waitFor();
  await expect.poll(() => readFile(file, "utf8")).toContain("const b = 2;// sent and not sent\n");
  await expect.poll(() => keptIn(next)).toBe("[]");
});

/** What a browser keeps of what was not sent, as it outlasts the browser. */
function keptIn(page: Page): Promise<string> {
  return page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const opening = indexedDB.open("simile");
        opening.onsuccess = () => {
          const all = opening.result.transaction("unsent").objectStore("unsent").getAll();
          all.onsuccess = () => resolve(JSON.stringify(all.result));
        };
      }),
  );
}

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
  const { page, server } = await served(browser, folder);
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
  const { page, file } = await opened(browser);
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
  const { page } = await opened(browser);
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
