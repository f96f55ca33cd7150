import { describe, expect, test } from "vitest";
import {
  apply,
  difference,
  duplicateCells,
  invert,
  merge,
  workbookOf,
} from "../../src/editing/index.ts";
import type { EditedWorkbook, Operation } from "../../src/protocol/index.ts";
import { workbookWith } from "../support/edited-workbooks.ts";

const base: EditedWorkbook = { ...workbookWith("one", "two"), matter: { title: "A" } };
const whole = { front: "---\ntitle: A\n---\n", tail: "\n" };
const around = { open: "```ts {#a}\n", close: "```\n" };

describe("the file's own text", () => {
  const kept = (...operations: Operation[]) => apply(base, { operations });

  test("of a cell and of the whole is put in place, and taken back", () => {
    const operations: Operation[] = [
      { type: "kept", cell: null, kept: whole },
      { type: "kept", cell: "a", kept: around },
    ];
    const after = kept(...operations);
    expect(after.kept).toEqual(whole);
    expect(after.cells[0]).toEqual({ ...base.cells[0]!, kept: around });
    expect(apply(after, { operations: invert({ operations }, base) })).toEqual(base);
  });

  test("of a cell can be taken away; the whole always has one", () => {
    const after = kept(
      { type: "kept", cell: "a", kept: around },
      { type: "kept", cell: "a", kept: null },
      { type: "kept", cell: null, kept: null },
      { type: "kept", cell: null, kept: around },
    );
    expect(after).toEqual(base);
    expect(kept({ type: "kept", cell: "a", kept: whole })).toEqual(base);
  });

  test("that is there before and not after is a difference", () => {
    const before = kept({ type: "kept", cell: "a", kept: around });
    expect(difference(before, base)).toEqual([{ type: "kept", cell: "a", kept: null }]);
    expect(difference(base, before)).toEqual([{ type: "kept", cell: "a", kept: around }]);
  });
});

test("between documents that are the same there is no difference, of their front matter neither", () => {
  expect(difference(base, structuredClone(base))).toEqual([]);
  const retitled = { ...base, matter: { summary: "S" } };
  expect(difference(base, retitled)).toEqual([
    { type: "matter", key: "title", value: null },
    { type: "matter", key: "summary", value: "S" },
  ]);
});

test("copies of no cells are none", () => {
  expect(duplicateCells(base, [])).toEqual({ operations: [], cells: [] });
});

test("a cell has its language as long as it is of the kind that has it", () => {
  const mode = (kind: "prose" | "browser" | "kernel", language: string) =>
    workbookOf({ ...base, cells: [{ ...base.cells[0]!, kind, mode: language }] }).cells[0]!.mode;
  expect([mode("browser", "js"), mode("kernel", "js"), mode("prose", "sql")]).toEqual([
    "js",
    "js",
    "sql",
  ]);
  expect([mode("prose", "js"), mode("browser", "sql")]).toEqual([undefined, undefined]);
});

test("a merge has the front matter of both; where both set one value, mine stays", () => {
  const merged = (mine: Record<string, string>, theirs: Record<string, string>) => {
    const [here, there] = [
      { ...base, matter: mine },
      { ...base, matter: theirs },
    ];
    return apply(here, merge(base, here, there)).matter;
  };
  expect(merged({ title: "A", author: "M" }, { title: "T" })).toEqual({ title: "T", author: "M" });
  expect(merged({ title: "M" }, { title: "T" })).toEqual({ title: "M" });
  expect(merged({ title: "M" }, {})).toEqual({ title: "M" });
  expect(merged({ title: "A" }, {})).toEqual({});
});
