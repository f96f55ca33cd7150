import { readFile, rename, writeFile } from "node:fs/promises";
import type { Browser } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openChromium } from "../support/chromium.ts";
import { trust } from "../support/opened-workbook.ts";
import { cell, open, ran, text, written } from "../support/redefined-workbook.ts";
import { shoot } from "../support/shoot.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser.close());

test("thirty edits of a workbook rerun what they must, and nothing else", async () => {
  const book = await written(browser, text);
  const { page, at } = book;
  await trust(page);
  await expect.poll(() => at("shown").locator("#s").innerText()).toBe("10");
  await page.keyboard.press("Control+.");
  expect(await book.ran()).toBe("both lone n shown | other k m");

  await book.slide([5]);
  await expect.poll(() => at("shown").locator("#s").innerText()).toBe("26");
  expect(await book.ran()).toBe("both shown | k m");

  await book.write("k", "const k = n * n + 1;");
  await expect.poll(() => at("shown").locator("#s").innerText()).toBe("27");
  expect(await book.ran()).toBe("both shown | k m");

  await book.write("lone", `${ran("lone")}\nconst lone = 2;\ndisplay(lone);`);
  await expect.poll(() => at("lone").locator(".output").innerText()).toBe("2");
  expect(await book.ran()).toBe("lone |");

  // Comments and format: what is edited is taken over, and nothing has to run.
  for (const [id, code] of [
    ["k", "// squared\nconst k = n * n + 1;"],
    ["m", "const m =\n  k + 1"],
    ["lone", `${ran("lone")} // here\nconst lone = 2;\ndisplay(lone);`],
  ] as const) {
    await open(page, id);
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(code);
  }
  await page.keyboard.press("Control+Shift+KeyR");
  await expect.poll(() => page.locator(".is-edited").count()).toBe(0);
  expect(await book.ran()).toBe("|");

  await book.run("k");
  await page.waitForSelector("#cell-k:not(.is-edited)");
  await expect.poll(() => book.ran()).toBe("both shown | k m");
  await book.run("lone");
  await expect.poll(() => book.ran()).toBe("lone |");

  await book.write("k", "const k = n * ;");
  await page.waitForSelector('#cell-k[data-state="failed"]');
  await page.waitForSelector('#cell-shown[data-state="blocked"]');
  expect(await page.locator(".failure").count()).toBe(1);
  expect(await book.ran()).toBe("|");
  await book.write("k", "const k = n * n;");
  await expect.poll(() => at("shown").locator("#s").innerText()).toBe("26");
  expect(await book.ran()).toBe("both shown | k m");

  await book.write("k", "const k = n.no.such;");
  await page.waitForSelector('#cell-k[data-state="failed"]');
  await page.waitForSelector('#cell-shown[data-state="blocked"]');
  expect(await page.locator(".failure").count()).toBe(1);
  expect(await book.ran()).toBe("| k");
  await book.write("k", "const k = n * n;");
  await expect.poll(() => at("shown").locator("#s").innerText()).toBe("26");
  expect(await book.ran()).toBe("both shown | k m");

  await book.write("lone", "const lone = ;");
  await page.waitForSelector('#cell-lone[data-state="failed"]');
  expect(await book.ran()).toBe("|");
  await book.write("lone", `${ran("lone")}\nconst lone = 3;`);
  await expect.poll(() => book.ran()).toBe("lone |");

  // A name twice is told at both, and the rest goes on.
  await book.write("lone", `${ran("lone")}\nconst m = 3;`);
  await page.waitForSelector('#cell-lone[data-state="failed"]');
  await page.waitForSelector('#cell-m[data-state="failed"]');
  expect(await at("lone").locator(".failure").innerText()).toContain("here and in #m");
  expect(await at("m").locator(".failure").innerText()).toContain("here and in #lone");
  await book.slide([6]);
  await expect.poll(() => at("both").locator("#b").innerText()).toBe("6 36");
  expect(await book.ran()).toBe("both | k");
  await book.write("lone", `${ran("lone")}\nconst lone = 3;`);
  await expect.poll(() => at("shown").locator("#s").innerText()).toBe("37");
  expect(await book.ran()).toBe("lone shown | m");

  // Cycles: between kernel cells, and across the two sides.
  await book.write("other", "const other = m;");
  await expect.poll(() => book.ran()).toBe("| other");
  await book.write("m", "const m = other + k;");
  await page.waitForSelector('#cell-m[data-state="failed"]');
  await page.waitForSelector('#cell-other[data-state="failed"]');
  expect(await at("m").locator(".failure").innerText()).toContain(
    "#m waits for itself: it needs other of #other, which needs m of #m",
  );
  expect(await book.ran()).toBe("|");
  await book.write("other", "const other = 7;");
  await expect.poll(() => at("shown").locator("#s").innerText()).toBe("43");
  expect(await book.ran()).toBe("shown | other m");
  await book.write("m", "const m = k + 1;");
  await expect.poll(() => at("shown").locator("#s").innerText()).toBe("37");
  expect(await book.ran()).toBe("shown | m");

  await book.write("lone", `${ran("lone")}\nconst lone = other;`);
  await expect.poll(() => book.ran()).toBe("lone |");
  await book.write("other", "const other = lone;");
  await page.waitForSelector('#cell-lone[data-state="failed"]');
  await page.waitForSelector('#cell-other[data-state="failed"]');
  await book.write("other", "const other = 8;");
  await expect.poll(() => book.ran()).toBe("lone | other");

  // Order is no matter.
  await book.choose("k");
  await page.keyboard.press("Control+Shift+ArrowDown");
  await page.waitForSelector("#cell-m + #cell-k");
  await page.keyboard.press("z");
  await page.waitForSelector("#cell-k + #cell-m");
  expect(await book.ran()).toBe("|");

  await book.choose("lone");
  await page.keyboard.press("d");
  await page.keyboard.press("d");
  await expect.poll(() => at("lone").count()).toBe(0);
  expect(await book.ran()).toBe("|");
  await page.keyboard.press("z");
  await at("lone").waitFor();
  await expect.poll(() => book.ran()).toBe("lone |");

  // A view that is written anew keeps what it was set to.
  await book.write(
    "n",
    `${ran("n")}\nconst n = view(Inputs.range([0, 1000], {label: "number", step: 1, value: 3}));`,
  );
  await expect.poll(() => at("n").innerText()).toContain("number");
  expect(await book.ran()).toBe("both n shown |");
  expect(await at("both").locator("#b").innerText()).toBe("6 36");

  // An edit on disk, once the file has all that was written.
  await expect.poll(() => readFile(book.file, "utf8")).toContain("number");
  const saved = await readFile(book.file, "utf8");
  await writeFile(`${book.file}.new`, saved.replace("const k = n * n;", "const k = n * n + 2;"));
  await rename(`${book.file}.new`, book.file);
  await expect.poll(() => at("shown").locator("#s").innerText()).toBe("39");
  expect(await book.ran()).toBe("both shown | k m");

  // On demand: the kernel has nothing to do when it is made so, nor when an input changes; what reads it
  // on the page is shown anew once, and says then what it depends on.
  await book.choose("m");
  await page.keyboard.press("Control+k");
  await page.keyboard.insertText("Rerun on demand only");
  await page.keyboard.press("Enter");
  await at("m").locator(".play").waitFor();
  expect(await book.ran()).toBe("shown |");
  await book.slide([7]);
  await page.waitForSelector('#cell-m[data-state="stale"]');
  await page.waitForSelector('#cell-shown[data-state="stale"]');
  expect(await at("m").locator(".why").innerText()).toBe("k 38 → 51");
  expect(await at("shown").locator("#s").innerText()).toBe("39");
  expect(await book.ran()).toBe("both | k");
  await shoot(page, "states");
  await at("m").locator(".play").click();
  await expect.poll(() => at("shown").locator("#s").innerText()).toBe("52");
  expect(await book.ran()).toBe("shown | m");

  // What names hold, and how cells hang together, on both sides.
  await book.choose("k");
  await page.keyboard.press("Shift+V");
  await expect
    .poll(() => page.locator(".variables tbody tr").allInnerTexts())
    .toEqual(expect.arrayContaining([expect.stringMatching(/^k\s+number\s.*k · kernel$/s)]));
  await shoot(page, "variables");
  await book.choose("k");
  await page.locator('[data-panel="graph"]').click();
  await page.waitForSelector('.graph-node[data-node="n"].is-read');
  await page.waitForSelector('.graph-node[data-node="m"].is-reader');
  await shoot(page, "graph");

  // A page that is opened again finds what the kernel has.
  await page.reload();
  await expect.poll(() => at("lone").locator(".output").count()).toBe(1);
  await expect.poll(() => page.locator("#s").count()).toBe(1);
  expect((await book.ran()).split("|")[1]).toBe("");
});

test("a cell never sees a value together with what was made from another one", async () => {
  const book = await written(browser, text);
  await trust(book.page);
  await expect.poll(() => book.page.locator("#b").innerText()).toBe("3 9");
  const pairs = () =>
    book.page.evaluate(() => (window as unknown as { pairs: [number, number][] }).pairs);
  // A machine that is slow sees few values of many: it is asked again until it has seen some.
  while ((await pairs()).length < 4) {
    await book.slide(Array.from({ length: 60 }, (_, i) => 10 + i));
    await expect.poll(() => book.page.locator("#b").innerText()).toBe("69 4761");
  }
  expect((await pairs()).filter(([n, k]) => k !== n * n)).toEqual([]);
});

test("a hundred edits of a cell leave nothing behind", async () => {
  const book = await written(
    browser,
    [
      cell("big kernel", "const big = new Float64Array(250_000);"),
      cell(
        "memory kernel",
        'const {setFlagsFromString} = await import("node:v8");\nconst vm = await import("node:vm");\nsetFlagsFromString("--expose-gc");\nvm.runInNewContext("gc")();\nconst memory = process.memoryUsage().arrayBuffers;',
      ),
      cell(
        "bytes",
        'const bytes = document.createElement("output");\nbytes.id = "bytes";\nbytes.textContent = memory;\ndisplay(bytes);',
      ),
      cell(
        "drawn",
        'const p = document.createElement("p");\np.id = "p";\np.textContent = big.length;\ndisplay(p);',
      ),
    ].join("\n"),
  );
  const { page } = book;
  await trust(page);
  await page.keyboard.press("Control+.");
  await book.idle();
  const nodes = () => page.evaluate(() => document.querySelectorAll("*").length);
  await book.write("big", "const big = new Float64Array(250_001);");
  await expect.poll(() => page.locator("#p").innerText()).toBe("250001");
  await book.run("memory");
  await book.idle();
  const [bytes, elements] = [Number(await page.locator("#bytes").innerText()), await nodes()];
  for (let i = 0; i < 100; i++) {
    await open(page, "big");
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(`const big = new Float64Array(${250_100 + i});`);
    await page.keyboard.press("Control+Enter");
  }
  await expect.poll(() => page.locator("#p").innerText(), { timeout: 20_000 }).toBe("250199");
  await book.idle();
  await open(page, "memory");
  expect(Math.abs((await nodes()) - elements)).toBeLessThan(60);
  await book.run("memory");
  await expect
    .poll(async () => Number(await page.locator("#bytes").innerText()) - bytes, { timeout: 10_000 })
    .toBeLessThan(20e6);
});
