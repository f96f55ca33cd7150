import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { faultsOfBothThemes } from "../support/axe.ts";
import { openChromium } from "../support/chromium.ts";
import { banner, into, opened, served, text, word } from "../support/lost-workbook.ts";
import { shoot } from "../support/shoot.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser.close());

describe("a file that another program changes", () => {
  test("with nothing unsaved here is followed by cell, the one that is written in too", async () => {
    const { page, file } = await opened(browser);
    await into(page, "plot");
    await writeFile(file, text.replace("a + b", "a * b").replace("# First", "# Another"));
    await expect.poll(() => page.locator("#cell-plot .cm-content").innerText()).toBe("a * b");
    await expect.poll(() => page.locator("h1").innerText()).toBe("Another");
    expect(await page.locator(".conflicts").isVisible()).toBe(false);
  });

  test("and that was edited here meanwhile is not written until somebody decides", async () => {
    const { page, file } = await opened(browser);
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
  const { page, file, server } = await opened(browser);
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

describe("a file that cannot be written", () => {
  test("because its folder is gone: said, kept, and written when it is back", async () => {
    const folder = mkdtempSync(join(tmpdir(), "simile-gone-"));
    await mkdir(join(folder, "sub"));
    writeFileSync(join(folder, "sub", "book.md"), text);
    const { page } = await served(browser, folder, "sub/book.md");
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
    const { page } = await served(browser, folder);
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
