import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { focuses, grows, newAt, type Row, runs, shows, testKeys } from "../support/key-rows.ts";
import { standingDesk } from "../support/standing-desk.ts";

const desk = standingDesk();

const edit: readonly Row[] = [
  {
    keys: ["Control+Enter"],
    does: "runs and stays",
    sees: async (w, b) => {
      await runs(w, b);
      expect(await w.focus()).toBe("writes two");
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
  { keys: ["Shift+Enter"], at: "three", does: "runs the last and inserts one", sees: newAt(4) },
  { keys: ["Alt+Enter"], does: "runs and inserts below", sees: newAt(3) },
  { keys: ["Control+Shift+R"], does: "runs what is out of date", sees: runs },
  { keys: ["Escape"], does: "chooses cells", sees: focuses("two") },
  {
    keys: ["a", "b"],
    does: "writes letters",
    sees: ({ source }) => expect.poll(() => source("two")).toBe("const two = one + 1;ab"),
  },
  {
    keys: ["a", "Control+z"],
    does: "takes back",
    sees: async (w) => {
      await expect.poll(() => w.source("two")).toBe("const two = one + 1;");
      expect(await w.focus()).toBe("writes two");
    },
  },
  {
    keys: ["a", "Control+z", "Control+y"],
    does: "does again",
    sees: ({ source }) => expect.poll(() => source("two")).toBe("const two = one + 1;a"),
  },
  {
    keys: ["Control+Shift+ArrowUp"],
    does: "moves up",
    sees: async (w, [one, prose]) => {
      await expect.poll(w.order).toEqual([one, "two", prose, "three"]);
      expect(await w.focus()).toBe("writes two");
    },
  },
  {
    keys: ["Control+Shift+ArrowDown"],
    does: "moves down",
    sees: async (w, [one, prose]) => {
      await expect.poll(w.order).toEqual([one, prose, "three", "two"]);
      expect(await w.focus()).toBe("writes two");
    },
  },
  {
    keys: ["ArrowLeft", "Control+Shift+Minus"],
    does: "splits",
    sees: async (w, before) => {
      await grows(w, before);
      const lower = (await w.order())[3]!;
      expect(await w.source("two")).toBe("const two = one + 1");
      expect(await w.source(lower)).toBe(";");
      expect(await w.focus()).toBe(`writes ${lower}`);
    },
  },
  {
    keys: ["Control+/"],
    does: "comments out",
    sees: ({ source }) => expect.poll(() => source("two")).toBe("// const two = one + 1;"),
  },
  {
    keys: ["Control+Home", "Tab"],
    does: "indents",
    sees: ({ source }) => expect.poll(() => source("two")).toBe("  const two = one + 1;"),
  },
  { keys: ["ArrowDown"], does: "goes into the next cell", sees: focuses("writes three") },
  { keys: ["Control+k"], does: "opens the palette", sees: shows("dialog.palette[open]") },
  { keys: ["F1"], does: "shows the keys", sees: shows("dialog.help-sheet[open]") },
  {
    keys: ["a", "Control+s"],
    does: "saves",
    sees: ({ name }) =>
      expect
        .poll(() => readFile(join(desk.folder, name), "utf8"))
        .toContain("const two = one + 1;a"),
  },
];

describe("while writing", () => testKeys(desk, edit, "write"));
