import { describe, expect, test } from "vitest";
import {
  apply,
  type CellSteps,
  deleteCells,
  duplicateCells,
  EditError,
  insertCells,
  insertionOf,
  mergeCells,
  moveCells,
  pasteCells,
  rewriteCell,
  setCells,
  setMatter,
  shiftCells,
  splitCell,
} from "../../src/editing/index.ts";
import type { EditedCell, EditedWorkbook } from "../../src/protocol/index.ts";
import { cellWith, orderOf, workbookWith } from "../support/edited-workbooks.ts";

const five = workbookWith("1", "2", "3", "4", "5");

/** Order after steps, and the cells to look at. */
const outcome = (steps: CellSteps, workbook = five) => [
  orderOf(apply(workbook, steps)),
  steps.cells,
];

function withCell(cell: Partial<EditedCell>): EditedWorkbook {
  return { ...five, cells: five.cells.with(1, { ...five.cells[1]!, ...cell }) };
}

describe("new cells", () => {
  test("stand in their order behind the cell that is named, or at the top", () => {
    for (const [place, at] of [
      [null, 0],
      ["b", 2],
      ["e", 5],
    ] as const) {
      const steps = insertCells(five, place, [{ kind: "prose", source: "x" }, { kind: "kernel" }]);
      const { cells } = apply(five, steps);
      expect(cells.slice(at, at + 2)).toEqual([
        { id: steps.cells[0], kind: "prose", source: "x", attributes: {} },
        { id: steps.cells[1], kind: "kernel", source: "", attributes: {} },
      ]);
      expect(cells).toHaveLength(7);
    }
  });

  test("have ids of three syllables that no cell has", () => {
    const { cells } = insertCells(five, null, [{ kind: "prose" }, { kind: "prose" }]);
    expect(cells.join(" ")).toMatch(/^([b-z][aeiou]){3} ([b-z][aeiou]){3}$/);
    expect(cells[0]).not.toBe(cells[1]);
  });

  test("bring their attributes; copies of another workbook's bring its language too, and not its file's text", () => {
    const copied: EditedCell = {
      ...cellWith("z", "SELECT 1"),
      mode: "sql",
      attributes: { pinned: true },
      kept: { open: "<", close: ">" },
    };
    const steps = pasteCells(five, "e", [cellWith("y", "1"), copied]);
    expect(apply(five, steps).cells.slice(5)).toEqual([
      { ...cellWith("", "1"), id: steps.cells[0] },
      {
        id: steps.cells[1],
        kind: "browser",
        mode: "sql",
        source: "SELECT 1",
        attributes: { pinned: true },
      },
    ]);
  });

  test("copied in place stand behind the last of them, in page order", () => {
    const steps = duplicateCells(five, ["d", "b"]);
    const { cells } = apply(five, steps);
    expect(cells.map(({ source }) => source).join("")).toBe("1234245");
    expect(cells.slice(4, 6).map(({ id }) => id)).toEqual(steps.cells);
  });
});

describe("cells that are there", () => {
  test("move together and in page order, however they were chosen", () => {
    expect(outcome(moveCells(five, ["d", "a"], "b"))).toEqual(["badce", ["a", "d"]]);
    expect(outcome(moveCells(five, ["c", "e"], null))).toEqual(["ceabd", ["c", "e"]]);
    expect(outcome(moveCells(five, ["a", "b"], "e"))).toEqual(["cdeab", ["a", "b"]]);
  });

  test("do not move behind themselves", () => {
    expect(() => moveCells(five, ["a", "b"], "b")).toThrow(
      new EditError("#b cannot stand after itself"),
    );
  });

  test("shift over their neighbour, and stay at the ends", () => {
    expect(outcome(shiftCells(five, ["c", "d"], "up"))).toEqual(["acdbe", ["c", "d"]]);
    expect(outcome(shiftCells(five, ["b"], "up"))).toEqual(["bacde", ["b"]]);
    expect(outcome(shiftCells(five, ["c", "b"], "down"))).toEqual(["adbce", ["b", "c"]]);
    expect(outcome(shiftCells(five, ["d"], "down"))).toEqual(["abced", ["d"]]);
    expect(shiftCells(five, ["a", "b"], "up")).toEqual({ operations: [], cells: ["a", "b"] });
    expect(shiftCells(five, ["e"], "down")).toEqual({ operations: [], cells: ["e"] });
  });

  test("are deleted, and leave none to look at", () => {
    expect(outcome(deleteCells(five, ["d", "a"]))).toEqual(["bce", []]);
  });

  test("get another kind and other attributes, all of them", () => {
    const steps = setCells(withCell({ attributes: { run: "once" } }), ["b", "c"], {
      kind: "kernel",
      attributes: { run: null, pinned: true },
    });
    expect(steps.cells).toEqual(["b", "c"]);
    for (const cell of apply(five, steps).cells.slice(1, 3)) {
      expect(cell).toMatchObject({ kind: "kernel", attributes: { pinned: true } });
    }
  });

  test("get another text by the replacement of what differs, whatever its lines end in", () => {
    const steps = rewriteCell(withCell({ source: "one\ntwo" }), "b", "one\r\ntoo\rthree");
    expect(steps).toEqual({
      operations: [{ type: "text", cell: "b", changes: [5, [2, "oo", "three"]] }],
      cells: ["b"],
    });
  });
});

describe("a cell cut in two", () => {
  const cut = (source: string, offset: number, cell: Partial<EditedCell> = {}) => {
    const workbook = withCell({ source, ...cell });
    const steps = splitCell(workbook, "b", offset);
    const [, upper, lower, next] = apply(workbook, steps).cells;
    expect(steps.cells).toEqual(["b", lower!.id]);
    expect([upper!.id, next!.id]).toEqual(["b", "c"]);
    return [upper!, lower!] as const;
  };

  test("has its text in both, without the blank lines at the cut", () => {
    const [upper, lower] = cut("\none\n\n\n two\n", 6);
    expect([upper.source, lower.source]).toEqual(["\none", " two\n"]);
    expect(cut("one two", 3).map(({ source }) => source)).toEqual(["one", " two"]);
    expect(cut("one", 0).map(({ source }) => source)).toEqual(["", "one"]);
  });

  test("is of its kind, language and attributes in both; prose runs never", () => {
    const attributes = { run: "demand", pinned: true } as const;
    const [, lower] = cut("1\n2", 1, { kind: "kernel", mode: "js", attributes });
    expect(lower).toMatchObject({ kind: "kernel", mode: "js", attributes });
    const [upper, prose] = cut("1\n2", 1, { kind: "prose", attributes });
    expect(upper.attributes).toEqual(attributes);
    expect(prose).toEqual({
      id: prose.id,
      kind: "prose",
      source: "2",
      attributes: { pinned: true },
    });
  });
});

describe("cells made one", () => {
  test("are the first of them in page order, with the texts of all, a line each", () => {
    const steps = mergeCells(five, ["d", "b", "c"]);
    expect(outcome(steps)).toEqual(["abe", ["b"]]);
    expect(apply(five, steps).cells[1]).toEqual(cellWith("b", "2\n3\n4"));
  });

  test("are paragraphs where the first is prose", () => {
    const prose = withCell({ kind: "prose" });
    const merged = apply(prose, mergeCells(prose, ["b", "c"])).cells[1]!;
    expect(merged).toMatchObject({ kind: "prose", source: "2\n\n3" });
  });

  test("are nothing without cells", () => {
    expect(mergeCells(five, [])).toEqual({ operations: [], cells: [] });
  });
});

test.for<[string, () => unknown]>([
  ["inserted after", () => insertCells(five, "x", [])],
  ["deleted", () => deleteCells(five, ["a", "x"])],
  ["moved", () => moveCells(five, ["a", "x"], null)],
  ["shifted", () => shiftCells(five, ["x"], "up")],
  ["split", () => splitCell(five, "x", 0)],
  ["merged", () => mergeCells(five, ["a", "x"])],
  ["duplicated", () => duplicateCells(five, ["a", "x"])],
  ["rewritten", () => rewriteCell(five, "x", "")],
  ["set", () => setCells(five, ["a", "x"], {})],
])("a cell that is not there cannot be %s", ([, act]) => {
  expect(act).toThrow(new EditError("there is no cell #x"));
});

test("a value of the front matter is set, and taken away", () => {
  const titled = apply(five, setMatter("title", "A"));
  expect(titled.matter).toEqual({ title: "A" });
  expect(apply(titled, setMatter("title", null)).matter).toEqual({});
  expect(setMatter("title", "A").cells).toEqual([]);
});

test("a cell of another version is put behind the nearest above it that is here too", () => {
  const version = { ...five, cells: [..."axbyn"].map((id) => cellWith(id, id)) };
  const placed = (workbook: EditedWorkbook) => insertionOf(workbook, version, version.cells[4]!);
  expect(placed(five)).toEqual({ type: "insert", after: "b", cell: version.cells[4] });
  expect(placed({ ...five, cells: five.cells.slice(2) })).toMatchObject({ after: null });
});
