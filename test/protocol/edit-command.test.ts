import { expect, test } from "vitest";
import { CommandError, checkPageCommand, commandNumber } from "../../src/protocol/index.ts";

const base = { epoch: "e", revision: 0 };
const cell = { id: "a", kind: "browser", source: "1\n2", attributes: { run: "once", x: true } };

/** An edit command with one operation. */
const edit = (operation: unknown) => ({
  type: "edit",
  base,
  edits: [{ id: "1", label: "typing", operations: [operation] }],
});

test.for([
  edit({ type: "text", cell: "a", changes: [1, [0, "x", ""], 2] }),
  edit({ type: "insert", after: null, cell }),
  edit({
    type: "insert",
    after: "b",
    cell: { ...cell, kept: { open: "", close: "", source: "\r" } },
  }),
  edit({ type: "delete", cell: "a" }),
  edit({ type: "move", cell: "a", after: null }),
  edit({ type: "set", cell: "a", kind: "prose", attributes: { x: null, y: "1", z: true } }),
  edit({ type: "matter", key: "title", value: "A" }),
  { type: "apply" },
  { type: "apply", cells: ["a"] },
  { type: "save" },
  { type: "resolve", cell: "a", keep: "mine" },
  { type: "resolve", keep: { text: "x" } },
  {
    type: "open",
    workbook: "a.md",
    client: "me",
    heard: { stream: "s", count: 3 },
    document: base,
  },
])("%j passes", (command) => {
  expect(checkPageCommand({ ...command, number: 3, more: 1 })).toEqual(command);
  expect(commandNumber({ ...command, number: 3 })).toBe(3);
  expect(commandNumber(command)).toBeUndefined();
});

test.for<[command: unknown, sentence: string]>([
  [{ type: "edit", base: null, edits: [] }, "expected a revision to be an object, found null"],
  [{ type: "edit", base, edits: {} }, "expected edits to be an array of at most 10000"],
  [edit({ type: "kept", cell: null, kept: null }), "expected an operation text, insert, delete"],
  [
    edit({ type: "text", cell: "a", changes: [-1] }),
    "a part of changes to be a whole number from 0",
  ],
  [
    edit({ type: "text", cell: "a", changes: [[0, "a\nb"]] }),
    "lines of changes to be texts without",
  ],
  [edit({ type: "text", cell: "", changes: [] }), "expected a cell's id to be a text"],
  [edit({ type: "insert", after: null, cell: { ...cell, id: "a b" } }), "a cell's id to be a word"],
  [
    edit({ type: "insert", after: null, cell: { ...cell, kind: "x" } }),
    "a cell's kind to be prose",
  ],
  [
    edit({ type: "insert", after: null, cell: { ...cell, source: "\r" } }),
    "a cell's source to be a text",
  ],
  [
    edit({ type: "set", cell: "a", attributes: { kernel: true } }),
    "an attribute's name to be a word",
  ],
  [edit({ type: "set", cell: "a", attributes: { x: "\n" } }), "an attribute's value of one line"],
  [edit({ type: "set", cell: "a", attributes: { x: `"'` } }), "an attribute's value of one line"],
  [edit({ type: "set", cell: "a", attributes: { x: 1 } }), "an attribute's value to be a text"],
  [edit({ type: "matter", key: "a: b", value: "" }), "a key of the front matter to be a word"],
  [{ type: "resolve", keep: "both" }, "expected keep to be mine, theirs or an object with a text"],
  [
    { type: "open", workbook: "a.md", client: "me", heard: { stream: "s", count: -1 } },
    "count to be",
  ],
])("%j does not", ([command, sentence]) => {
  expect(() => checkPageCommand(command)).toThrow(CommandError);
  expect(() => checkPageCommand(command)).toThrow(sentence);
});

test("a number that is none is refused", () => {
  expect(() => commandNumber({ type: "save", number: "1" })).toThrow(
    'Cannot accept command: expected number to be a whole number from 0, found "1"',
  );
});
