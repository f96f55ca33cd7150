import { describe, expect, test } from "vitest";
import {
  focuses,
  grows,
  kindOf,
  newAt,
  type Row,
  runs,
  shows,
  testKeys,
  text,
} from "../support/key-rows.ts";
import { standingDesk } from "../support/standing-desk.ts";

const desk = standingDesk();

const command: readonly Row[] = [
  {
    keys: ["Control+Enter"],
    does: "runs and stays",
    sees: async (w, b) => {
      await runs(w, b);
      expect(await w.focus()).toBe("two");
    },
  },
  {
    keys: ["Shift+Enter"],
    does: "runs and goes to the next",
    sees: async (w, b) => {
      await runs(w, b);
      expect(await w.focus()).toBe("three");
    },
  },
  { keys: ["Alt+Enter"], does: "runs and inserts below", sees: newAt(3) },
  { keys: ["Control+Shift+R"], does: "runs what is out of date", sees: runs },
  { keys: ["Enter"], does: "writes", sees: focuses("writes two") },
  { keys: ["a"], does: "inserts above", sees: newAt(2, false) },
  { keys: ["a"], at: "one", does: "inserts above the first", sees: newAt(0, false) },
  { keys: ["b"], does: "inserts below", sees: newAt(3, false) },
  {
    keys: ["b", "m", "Enter", "x"],
    does: "inserts below what is made text and written",
    sees: async (w, before) => {
      await newAt(3)(w, before);
      const made = (await w.order())[3]!;
      await expect.poll(() => kindOf(w, made)).toBe("prose");
      expect(await w.source(made)).toBe("x");
    },
  },
  {
    keys: ["d", "d"],
    does: "deletes",
    sees: async (w, before) => {
      await expect.poll(w.order).toEqual(before.filter((id) => id !== "two"));
      expect(await w.focus()).toBe("three");
    },
  },
  {
    keys: ["Delete"],
    at: "three",
    does: "deletes the last",
    sees: async (w, before) => {
      await expect.poll(w.order).toEqual(before.slice(0, -1));
      expect(await w.focus()).toBe("two");
    },
  },
  {
    keys: ["d", "d", "z"],
    does: "takes back",
    sees: async (w, before) => {
      await expect.poll(w.order).toEqual(before);
      expect(await w.focus()).toBe("two");
    },
  },
  {
    keys: ["d", "d", "Control+z", "Shift+Z"],
    does: "does again",
    sees: async (w, before) => {
      await expect.poll(w.order).toEqual(before.filter((id) => id !== "two"));
    },
  },
  {
    keys: ["x", "v"],
    does: "cuts and pastes",
    sees: async (w, [one, prose, two, three]) => {
      await expect.poll(w.order).toEqual([one, prose, three, two]);
      expect(await w.source("two")).toBe("const two = one + 1;");
      expect(await w.focus()).toBe("two");
    },
  },
  { keys: ["x", "v", "v"], does: "pastes again as another", sees: newAt(4, false) },
  { keys: ["c", "v"], does: "copies and pastes", sees: newAt(3, false) },
  {
    keys: ["m"],
    does: "makes text",
    sees: async (w) => {
      await expect.poll(() => kindOf(w, "two")).toBe("prose");
      expect(await w.focus()).toBe("two");
    },
  },
  {
    keys: ["y"],
    does: "makes code",
    sees: async (w) => {
      await expect.poll(() => kindOf(w, "two")).toBe("browser");
      expect(await w.focus()).toBe("two");
    },
  },
  {
    keys: ["Shift+Y"],
    at: "one",
    does: "makes code of the kernel",
    sees: (w) => expect.poll(() => kindOf(w, "one")).toBe("kernel"),
  },
  {
    keys: ["Control+Shift+ArrowUp"],
    does: "moves up",
    sees: async (w, [one, prose]) => {
      await expect.poll(w.order).toEqual([one, "two", prose, "three"]);
      expect(await w.focus()).toBe("two");
    },
  },
  {
    keys: ["Control+Shift+ArrowDown"],
    does: "moves down",
    sees: async (w, [one, prose]) => {
      await expect.poll(w.order).toEqual([one, prose, "three", "two"]);
      expect(await w.focus()).toBe("two");
    },
  },
  {
    keys: ["Shift+M"],
    does: "merges with the next",
    sees: async (w, before) => {
      await expect.poll(w.order).toEqual(before.slice(0, -1));
      expect(await w.source("two")).toBe("const two = one + 1;\ndisplay(two)");
      expect(await w.focus()).toBe("two");
    },
  },
  { keys: ["j"], does: "goes down", sees: focuses("three") },
  { keys: ["ArrowDown"], does: "goes down", sees: focuses("three") },
  { keys: ["k", "k"], does: "goes up", sees: focuses("one") },
  { keys: ["ArrowUp", "ArrowUp"], does: "goes up", sees: focuses("one") },
  {
    keys: ["Shift+J"],
    does: "chooses more",
    sees: ({ chosen }) => expect.poll(chosen).toEqual(["two", "three"]),
  },
  {
    keys: ["Shift+K", "Shift+K"],
    does: "chooses more",
    sees: async ({ chosen }, before) => expect.poll(chosen).toEqual(before.slice(0, 3)),
  },
  {
    keys: ["Control+a"],
    does: "chooses all",
    sees: ({ chosen }, before) => expect.poll(chosen).toEqual(before),
  },
  {
    keys: ["Control+a", "Escape"],
    does: "chooses one again",
    sees: async ({ chosen }) => expect.poll(async () => (await chosen()).length).toBe(1),
  },
  { keys: ["Control+Home"], does: "goes to the first", sees: focuses("one") },
  { keys: ["Control+End"], does: "goes to the last", sees: focuses("three") },
  {
    keys: ["h"],
    does: "hides the code",
    sees: ({ page }) => expect.poll(() => page.locator("#cell-two .code").isHidden()).toBe(true),
  },
  { keys: ["Control+k"], does: "opens the palette", sees: shows("dialog.palette[open]") },
  { keys: ["?"], does: "shows the keys", sees: shows("dialog.help-sheet[open]") },
  { keys: ["F1"], does: "shows the keys", sees: shows("dialog.help-sheet[open]") },
  {
    keys: ["0", "0"],
    does: "asks before the kernel is restarted",
    sees: async ({ page }) => {
      await page.getByRole("dialog", { name: "Restart the kernel?" }).waitFor();
    },
  },
  {
    keys: ["Control+."],
    does: "shows the workbook to be read",
    sees: ({ page }) => expect.poll(() => page.locator(".is-writing").count()).toBe(0),
  },
];

describe("while choosing cells", () => testKeys(desk, command, "choose"));

test("on a Mac shortcuts are made with Cmd", async () => {
  const workbook = await desk.open(text, true);
  const { page } = workbook;
  await workbook.choose("two");
  await page.keyboard.press("Control+k");
  expect(await page.locator("dialog").count()).toBe(0);
  await page.keyboard.press("Meta+k");
  await page.waitForSelector("dialog.palette[open]");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Shift+ArrowUp");
  expect((await workbook.order()).indexOf("two")).toBe(1);
  await page.keyboard.press("Meta+z");
  await expect.poll(async () => (await workbook.order()).indexOf("two")).toBe(2);
  await page.keyboard.press("Meta+Enter");
  await expect.poll(() => page.locator(".banner[data-subject=trust]").count()).toBe(0);
  await page.keyboard.press("?");
  expect(await page.locator("dialog.help-sheet").innerText()).toContain("⌘K");
});

test("while a workbook is read, keys that change it are not heard", async () => {
  const workbook = await desk.open(text);
  const { page } = workbook;
  await workbook.choose("two");
  await page.keyboard.press("Control+.");
  const before = await workbook.order();
  for (const key of ["d", "d", "a", "b", "x", "m", "Shift+M", "Delete"])
    await page.keyboard.press(key);
  expect(await workbook.order()).toEqual(before);
  // What is chosen from the palette shows the workbook to be written first.
  await page.keyboard.press("Control+k");
  await page.keyboard.type("insert a cell below");
  await page.keyboard.press("Enter");
  await grows(workbook, before);
  const made = (await workbook.order()).find((id) => !before.includes(id));
  expect(await workbook.focus()).toBe(made);
});
