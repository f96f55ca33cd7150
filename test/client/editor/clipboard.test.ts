import { expect, test } from "vitest";
import { CellClipboard, copiedOf, pastedCells } from "../../../src/client/editor/clipboard.ts";
import type { EditedCell } from "../../../src/protocol/index.ts";

const cells: readonly EditedCell[] = [
  { id: "x", kind: "kernel", source: "const a = 1;", attributes: { run: "once" } },
  { id: "p", kind: "prose", source: "Some *text*.", attributes: {} },
  { id: "y", kind: "browser", source: "a + 1", attributes: {} },
];
const without = ({ id: _, ...cell }: EditedCell) => cell;

function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  };
}

test("one cell is copied as its source, and pasted in any tab as what it was", () => {
  const place = storage();
  const { text } = new CellClipboard(place).put(cells.slice(0, 1));
  expect(text).toBe("const a = 1;");
  const other = new CellClipboard(place).last;
  expect(pastedCells(text, other)).toEqual([without(cells[0]!)]);
});

test("what is cut keeps its id for the first paste, in any tab", () => {
  const place = storage();
  const clipboard = new CellClipboard(place);
  const { text } = clipboard.put(cells, true);
  expect(pastedCells(text, new CellClipboard(place).last)).toEqual(cells);
  clipboard.pasted();
  expect(pastedCells(text, new CellClipboard(place).last)).toEqual(cells.map(without));
});

test("several cells are copied as Markdown, from which they can be had back without us", () => {
  const { text } = copiedOf(cells);
  expect(text).toContain("```ts {#x kernel run=once}\nconst a = 1;\n```");
  expect(pastedCells(text, undefined)).toEqual(cells.map(without));
});

test.for([
  ["const a = 1;\nconst b = a + 1;", "browser"],
  ["# A title", "prose"],
  ["This is a sentence of prose.", "prose"],
  ["interface A { readonly a: string }", "browser"],
] as const)("a text from elsewhere, %j, is a cell of kind %s", ([source, kind]) => {
  expect(pastedCells(`${source}\n`, undefined)).toEqual([{ kind, source, attributes: {} }]);
});

test("a text that was copied elsewhere since is not what was copied here", () => {
  const clipboard = new CellClipboard(storage());
  clipboard.put(cells);
  expect(pastedCells("other", clipboard.last)).toEqual([
    { kind: "browser", source: "other", attributes: {} },
  ]);
});

test.for(["", "  \n"])("nothing, %j, is no cell", (text) => {
  expect(pastedCells(text, undefined)).toEqual([]);
});

test.for(["{", '{"text": "a", "cells": [{"kind": "evil", "source": "", "attributes": {}}]}'])(
  "storage that holds %s is nothing copied",
  (text) => {
    const clipboard = new CellClipboard({ getItem: () => text, setItem: () => undefined });
    expect(clipboard.last).toBeUndefined();
  },
);
