import { expect, test } from "vitest";
import { standingDesk } from "../support/standing-desk.ts";
import { cell, type Hands } from "../support/written-workbook.ts";

const desk = standingDesk();

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is a template of the cell
const shown = "html`<output>${two}</output>`";
const text = `${cell("one", "const one = 1;")}\n${cell("two", "const two = one + 1;", "kernel")}\n${cell("three", shown)}`;

const agree = async (tabs: readonly Hands[], id: string) => {
  await expect
    .poll(async () => {
      const sources = await Promise.all(tabs.map((tab) => tab.source(id)));
      return new Set(sources).size;
    })
    .toBe(1);
  return tabs[0]!.source(id);
};

test("what one tab does with cells the other shows, where it was and with its focus", async () => {
  const first = await desk.open(text);
  const second = await first.again();
  await second.write("three");
  await first.choose("one");
  await first.page.keyboard.press("Control+Shift+ArrowDown");
  await expect.poll(second.order).toEqual(["two", "one", "three"]);
  await first.page.keyboard.press("a");
  await first.page.keyboard.press("Enter");
  await first.page.keyboard.type("typed here");
  await expect.poll(async () => (await second.order()).length).toBe(4);
  const made = (await second.order())[1]!;
  await expect.poll(() => second.source(made)).toBe("typed here");
  expect(await second.focus()).toBe("writes three");
  await second.page.keyboard.type("!");
  await expect.poll(() => first.source("three")).toBe(`${shown}!`);
  // Each takes back what it did itself.
  await second.page.keyboard.press("Control+z");
  await expect.poll(() => first.source("three")).toBe(shown);
  expect(await first.source(made)).toBe("typed here");
});

test("two that type in one cell at once lose no letter, and their cursors stay", async () => {
  const first = await desk.open(text);
  const second = await first.again();
  await first.write("one");
  await second.write("one");
  await second.page.keyboard.press("Control+Home");
  await Promise.all([
    first.page.keyboard.type("abcdefghijklmnopqrstuvwxyz"),
    second.page.keyboard.type("0123456789".repeat(2)),
  ]);
  const all = "01234567890123456789const one = 1;abcdefghijklmnopqrstuvwxyz";
  expect(await agree([first, second], "one")).toBe(all);
});

test("what is run in one tab is shown in both", async () => {
  const first = await desk.open(text);
  const second = await first.again();
  await first.choose("two");
  await first.page.keyboard.press("Control+Enter");
  for (const { page } of [first, second]) {
    await expect.poll(() => page.locator("#cell-three output").innerText()).toBe("2");
  }
  await first.write("two");
  await first.page.keyboard.press("ArrowLeft");
  await first.page.keyboard.type("0");
  await first.page.keyboard.press("Control+Enter");
  for (const { page } of [first, second]) {
    await expect.poll(() => page.locator("#cell-three output").innerText()).toBe("11");
  }
});

test("a tab that was offline comes back with what was written in it, beside what others wrote", async () => {
  const first = await desk.open(text);
  const second = await first.again();
  await cut(second, true);
  await second.write("one");
  await second.page.keyboard.type(" // offline");
  await second.page.keyboard.press("Escape");
  await second.page.keyboard.press("b");
  await second.page.keyboard.press("Enter");
  await second.page.keyboard.type("made offline");
  await first.write("two");
  await first.page.keyboard.type(" // meanwhile");
  await cut(second, false);
  await expect
    .poll(() => first.source("one"), { timeout: 15_000 })
    .toBe("const one = 1; // offline");
  await expect.poll(() => second.source("two")).toBe("const two = one + 1; // meanwhile");
  await expect.poll(async () => (await first.order()).length).toBe(4);
  const made = (await first.order())[1]!;
  await expect.poll(() => first.source(made)).toBe("made offline");
  expect(await second.order()).toEqual(await first.order());
});

/** Cuts a tab's connection to the server, or lets it connect again. */
async function cut({ page }: Hands, isCut: boolean): Promise<void> {
  await page.evaluate((isCut) => {
    (globalThis as unknown as { cut(isCut: boolean): void }).cut(isCut);
  }, isCut);
}
