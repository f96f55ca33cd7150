import { expect, test } from "vitest";
import { shoot } from "../support/shoot.ts";
import { standingDesk } from "../support/standing-desk.ts";
import { cell } from "../support/written-workbook.ts";

const desk = standingDesk();

const ids = ["a", "b", "c", "d", "e"];
const text = ids.map((id) => cell(id, `const ${id} = 1;`)).join("\n");

test("cells between two presses are chosen, and are dragged together by the handle of one", async () => {
  const { page, chosen, order } = await desk.open(text);
  await page.locator("#cell-b .cell-bar").click();
  await page.locator("#cell-c .cell-bar").click({ modifiers: ["Shift"] });
  expect(await chosen()).toEqual(["b", "c"]);
  await shoot(page, "cells-chosen");
  await page.locator("#cell-c .cell-handle").dragTo(page.locator("#cell-e .cell-bar"));
  await expect.poll(order).toEqual(["a", "d", "b", "c", "e"]);
  expect(await chosen()).toEqual(["b", "c"]);
});

test("the last cell can be deleted; an empty workbook says what to do, and the focus is there", async () => {
  const { page, order, focus } = await desk.open(text);
  await page.locator("#cell-a .cell-bar").click();
  await page.keyboard.press("Control+a");
  for (const key of ["d", "d"]) await page.keyboard.press(key);
  await page.waitForSelector(".empty-workbook");
  await shoot(page, "cells-empty");
  expect(await focus()).toBe("BUTTON");
  await page.keyboard.press("z");
  await expect.poll(order).toEqual(ids);
  expect(await page.locator(".empty-workbook").count()).toBe(0);
});

test("cells that are copied in one workbook are pasted in another as what they were", async () => {
  const first = await desk.open(cell("x", "const x = 1;", "kernel run=once"));
  await first.choose("x");
  await first.page.keyboard.press("c");
  const second = await desk.open(text);
  await second.choose("a");
  await second.page.keyboard.press("v");
  await expect.poll(async () => (await second.order()).length).toBe(6);
  const pasted = (await second.order())[1]!;
  expect(await second.page.locator(`#cell-${pasted}`).getAttribute("data-kind")).toBe("kernel");
});

test("a cell that is cut and pasted elsewhere is the same cell: its input keeps its value", async () => {
  const { page, choose, order } = await desk.open(
    `${cell("n", "const n = view(Inputs.range([0, 10], {step: 1, value: 3, label: 'n'}));")}\n${cell("twice", "display(2 * n)")}`,
  );
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const shown = page.locator("#cell-twice .output");
  await expect.poll(() => shown.innerText()).toBe("6");
  await page.locator("#cell-n input[type=number]").fill("7");
  await expect.poll(() => shown.innerText()).toBe("14");
  await choose("n");
  await page.keyboard.press("x");
  await expect.poll(order).toEqual(["twice"]);
  await page.keyboard.press("v");
  await expect.poll(order).toEqual(["twice", "n"]);
  await expect.poll(() => shown.innerText()).toBe("14");
  expect(await page.locator("#cell-n input[type=number]").inputValue()).toBe("7");
});

test("in a narrow window the bar fits, and an open panel hides no message and is painted over by none", async () => {
  const { page, write } = await desk.open(cell("k", "const k: string = 1;", "kernel"));
  await write("k");
  await page.waitForSelector(".cm-panels");
  for (const [width, height] of [
    [900, 700],
    [720, 700],
    [600, 700],
    [400, 700],
  ] as const) {
    await page.setViewportSize({ width, height });
    if ((await page.locator(".panel").isHidden()) === true) await page.click("[data-panel=graph]");
    const seen = await page.evaluate(() => {
      const box = (selector: string) => document.querySelector(selector)!.getBoundingClientRect();
      const [panel, run, line] = [box(".panel"), box(".banner button"), box(".cm-panels")];
      const at = document.elementFromPoint(
        (Math.max(panel.left, line.left) + Math.min(panel.right, line.right)) / 2,
        (Math.max(panel.top, line.top) + Math.min(panel.bottom, line.bottom)) / 2,
      );
      const isCrossed = panel.left < line.right && panel.top < line.bottom;
      const button = document.elementFromPoint(run.left + run.width / 2, run.top + run.height / 2);
      return {
        tooWide: document.documentElement.scrollWidth - innerWidth,
        overBar: box(".top-bar .bar-state").right > innerWidth,
        painted: isCrossed && at?.closest(".cm-panels") !== null,
        hidden: button?.closest(".banner") === null,
      };
    });
    expect(seen, `${width} px`).toEqual({
      tooWide: 0,
      overBar: false,
      painted: false,
      hidden: false,
    });
  }
  const folder = process.env["SHOTS"];
  if (folder) {
    for (const width of [900, 600, 400]) {
      await page.setViewportSize({ width, height: 700 });
      await page.screenshot({ path: `${folder}/narrow-${width}.png` });
    }
  }
});

test("the menu of a cell is inside the window wherever the cell is", async () => {
  const { page } = await desk.open(text);
  await page.setViewportSize({ width: 900, height: 560 });
  await page.locator("#cell-e").scrollIntoViewIfNeeded();
  await page.locator("#cell-e .cell-handle").click();
  const box = (await page.locator(".menu").boundingBox())!;
  expect(box.y).toBeGreaterThanOrEqual(0);
  expect(box.y + box.height).toBeLessThanOrEqual(560);
  expect(box.x).toBeGreaterThanOrEqual(0);
  await page.keyboard.press("Escape");
  expect(await page.locator(".menu").count()).toBe(0);
  expect(await page.evaluate(() => document.activeElement?.classList.contains("cell-handle"))).toBe(
    true,
  );
});

test("a key is chosen, kept through a reload, refused when the browser has it, and reset", async () => {
  const { page, choose, order } = await desk.open(text);
  const chooseKey = async (key: string) => {
    await page.keyboard.press("F1");
    await page.getByRole("button", { name: /^Duplicate cells, choosing cells/ }).click();
    await page.keyboard.press(key);
  };
  await chooseKey("Control+w");
  expect(await page.locator(".outcome").innerText()).toBe(
    "Cannot use Ctrl+W: the browser keeps it for itself",
  );
  await page.keyboard.press("Escape");
  await chooseKey("q");
  await page.keyboard.press("Escape");
  await page.reload();
  await page.waitForSelector(".cell-handle");
  await choose("a");
  await page.keyboard.press("q");
  await expect.poll(async () => (await order()).length).toBe(6);
  await page.keyboard.press("F1");
  await page.getByRole("button", { name: "All keys as usual" }).click();
  await page.keyboard.press("Escape");
  await choose("a");
  await page.keyboard.press("q");
  expect((await order()).length).toBe(6);
});
