import type { Browser } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faults } from "../support/axe.ts";
import { openChromium } from "../support/chromium.ts";
import { type OpenedWorkbook, openWorkbook, trust } from "../support/opened-workbook.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser.close());

const fence = "```";
const text = `---
title: Everything there is
---

# Everything

A [link](https://arxiv.org), $x^2$ and \`code\`.

| a | b |
|---|---|
| 1 | 2 |

${fence}ts {#n}
const n = view(Inputs.range([0, 10], {label: "n", step: 1, value: 3}));
${fence}

${fence}ts {#square kernel}
console.log("said");
const matrix = {shape: [2, 2], data: Float64Array.of(1, n / 10, n / 10, 1), steps: [0, 10]};
${fence}

${fence}ts {#charts}
html\`\${heatmap(matrix)}\${trajectory(matrix)}\${embedding({shape: [2, 2], data: [0, 0, 1, 1]})}\${spectrum([2, 1])}\`
${fence}

${fence}ts {#wrong}
notThere + 1
${fence}

${fence}ts {#below kernel}
const failed = JSON.parse("{");
${fence}

${fence}ts {#waits}
failed
${fence}
`;

describe.for(["light", "dark"] as const)(
  "axe finds nothing serious on a %s page",
  (colorScheme) => {
    let workbook: OpenedWorkbook;
    beforeAll(async () => {
      workbook = await openWorkbook(browser, text);
      await workbook.page.emulateMedia({ colorScheme });
    });
    afterAll(() => workbook.close());

    test("what is wrong is found", async () => {
      const { page } = workbook;
      await page.evaluate(() => {
        const image = Object.assign(new Image(), { id: "wrong", src: "data:," });
        document.querySelector("main")!.append(image);
      });
      expect(await faults(page)).toEqual(["image-alt: #wrong"]);
      await page.evaluate(() => document.querySelector("#wrong")!.remove());
    });

    test("not trusted yet", async () => {
      expect(await faults(workbook.page)).toEqual([]);
    });

    test("with charts, inputs, a log, an error and a cell that waits", async () => {
      const { page } = workbook;
      await trust(page);
      await page.waitForSelector("#cell-charts .spectrum-plane svg");
      await page.waitForSelector("#cell-below .failure");
      expect(await faults(page)).toEqual([]);
    });

    test("while it is written, with an editor open", async () => {
      const { page } = workbook;
      await page.keyboard.press("Control+.");
      await page.locator("#cell-square .cm-content").click();
      await page.waitForSelector("#cell-square .cm-focused");
      expect(await faults(page)).toEqual([]);
      await page.keyboard.press("Escape");
    });

    test.for([
      ["the palette", "Control+k"],
      ["the keys", "F1"],
    ] as const)("%s", async ([, key]) => {
      const { page } = workbook;
      await page.keyboard.press(key);
      await page.waitForSelector("dialog[open]");
      expect(await faults(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await page.waitForSelector("dialog", { state: "detached" });
    });

    test("a cell's menu, a chart's menu and table", async () => {
      const { page } = workbook;
      await page.locator("#cell-square > .cell-handle").focus();
      await page.keyboard.press("Enter");
      await page.waitForSelector("[role=menu]");
      expect(await faults(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await page.locator("#cell-charts .chart-actions summary").first().click();
      await page.getByRole("button", { name: "Show as table" }).first().click();
      await page.locator("#cell-charts .chart-actions summary").first().click();
      expect(await faults(page)).toEqual([]);
    });

    test("the home page", async () => {
      const { page, server } = workbook;
      await page.goto(server.url);
      await page.waitForSelector("main a");
      expect(await faults(page)).toEqual([]);
    });
  },
);
