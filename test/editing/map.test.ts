import { describe, expect, test } from "vitest";
import { apply, mapOver } from "../../src/editing/index.ts";
import type { EditedWorkbook, Operation } from "../../src/protocol/index.ts";
import { cellWith, orderOf, workbookWith } from "../support/edited-workbooks.ts";

const base = workbookWith("one", "two", "three");

/** The document that both sides come to, which must be the same. */
function both(later: Operation[], earlier: Operation[], of = base): EditedWorkbook {
  const mapped = mapOver(later, earlier, of);
  const there = apply(apply(of, { operations: earlier }), { operations: mapped.later });
  const here = apply(apply(of, { operations: later }), { operations: mapped.earlier });
  expect(here).toEqual(there);
  return there;
}

const insert = (after: string | null, id: string, source = ""): Operation => ({
  type: "insert",
  after,
  cell: cellWith(id, source),
});
const move = (cell: string, after: string | null): Operation => ({ type: "move", cell, after });
const remove = (cell: string): Operation => ({ type: "delete", cell });
const order = (later: Operation, earlier: Operation) => orderOf(both([later], [earlier]));

describe("the places of two", () => {
  test("put in one place: the later stands first", () => {
    expect(order(insert("a", "m"), insert("a", "n"))).toBe("amnbc");
    expect(order(insert(null, "m"), insert(null, "n"))).toBe("mnabc");
    expect(order(move("c", "a"), insert("a", "n"))).toBe("acnb");
    expect(order(insert("a", "m"), move("c", "a"))).toBe("amcb");
  });

  test("put in different places are theirs", () => {
    expect(order(insert("a", "m"), insert("b", "n"))).toBe("ambnc");
    expect(order(move("c", null), insert("a", "n"))).toBe("canb");
  });

  test("of one cell moved twice: the later has it", () => {
    expect(order(move("a", "b"), move("a", "c"))).toBe("bac");
  });

  test("named by a cell that goes are named by the one before it", () => {
    expect(order(insert("b", "n"), remove("b"))).toBe("anc");
    expect(order(remove("b"), insert("b", "n"))).toBe("anc");
    expect(order(move("a", "b"), remove("b"))).toBe("ac");
    expect(order(insert("a", "n"), remove("a"))).toBe("nbc");
  });

  test("of a cell that moves behind one that goes, above which it stands itself", () => {
    expect(order(move("b", "c"), remove("c"))).toBe("ab");
    expect(order(move("a", "b"), remove("b"))).toBe("ac");
  });
});

describe("what one cell becomes", () => {
  const text = (...changes: Extract<Operation, { type: "text" }>["changes"]): Operation => ({
    type: "text",
    cell: "b",
    changes,
  });

  test("typed in by both has the letters of both, at one place the earlier first", () => {
    expect(both([text(3, [0, "L"])], [text(3, [0, "E"])]).cells[1]!.source).toBe("twoEL");
    expect(both([text([0, "L"], 3)], [text([3, "E"])]).cells[1]!.source).toBe("LE");
  });

  test("typed in by one and set or moved by the other is both", () => {
    const set: Operation = { type: "set", cell: "b", kind: "prose" };
    const typed = text(3, [0, "!"]);
    for (const pair of [
      [typed, set],
      [set, typed],
    ] as const) {
      expect(both([pair[0]], [pair[1]]).cells[1]).toMatchObject({ kind: "prose", source: "two!" });
    }
    expect(both([typed], [move("b", null)]).cells[0]!.source).toBe("two!");
  });

  test("set by both is as the later says, and else as the earlier does", () => {
    const later: Operation = { type: "set", cell: "b", kind: "prose", attributes: { run: "once" } };
    const earlier: Operation = {
      type: "set",
      cell: "b",
      kind: "kernel",
      attributes: { run: "demand", pinned: true },
    };
    expect(both([later], [earlier]).cells[1]).toMatchObject({
      kind: "prose",
      attributes: { run: "once", pinned: true },
    });
  });

  test("deleted by both is gone, deleted and set too", () => {
    expect(orderOf(both([remove("b")], [remove("b")]))).toBe("ac");
    expect(orderOf(both([{ type: "set", cell: "b", kind: "prose" }], [remove("b")]))).toBe("ac");
    expect(orderOf(both([remove("b")], [{ type: "set", cell: "b", kind: "prose" }]))).toBe("ac");
  });

  test("brought back by both has the text of the later", () => {
    const gone = { ...base, cells: base.cells.slice(0, 1) };
    const after = both([insert("a", "b", "later")], [insert("a", "b", "earlier")], gone);
    expect(after.cells.map(({ source }) => source)).toEqual(["one", "later"]);
  });
});

test("of the front matter the later value of one key holds, and both of two", () => {
  const title = (value: string): Operation => ({ type: "matter", key: "title", value });
  const summary: Operation = { type: "matter", key: "summary", value: "S" };
  expect(both([title("L")], [title("E")]).matter).toEqual({ title: "L" });
  expect(both([title("L")], [summary]).matter).toEqual({ title: "L", summary: "S" });
  expect(both([title("L")], [remove("b")]).matter).toEqual({ title: "L" });
});
