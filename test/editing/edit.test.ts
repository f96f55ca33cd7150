import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  apply,
  changeSetOf,
  difference,
  EditError,
  editedOf,
  invert,
  mapOver,
  merge,
  workbookOf,
} from "../../src/editing/index.ts";
import type { EditedWorkbook, Operation } from "../../src/protocol/index.ts";
import { parse, serialise } from "../../src/workbook/index.ts";
import {
  cellWith,
  choices,
  chosenOperation,
  orderOf,
  sources,
  workbookWith,
} from "../support/edited-workbooks.ts";

const lists = fc.array(choices, { maxLength: 6 });

/** A list of operations that fit one after the other. */
function chosenList(workbook: EditedWorkbook, list: readonly number[][], name: string) {
  let now = workbook;
  return list.map((numbers, index): Operation => {
    const operation = chosenOperation(now, numbers, `${name}${index}`);
    now = apply(now, { operations: [operation] });
    return operation;
  });
}

describe("an edit", () => {
  test("and its inverse leave the document as it was, and the file to the byte", () => {
    fc.assert(
      fc.property(sources, lists, (texts, list) => {
        const before = workbookWith(...texts);
        const operations = chosenList(before, list, "n");
        const after = apply(before, { operations });
        const back = apply(after, { operations: invert({ operations }, before) });
        expect(back).toEqual(before);
        expect(serialise(workbookOf(back))).toBe(serialise(workbookOf(before)));
      }),
      { numRuns: 300 },
    );
  });

  test("changes nothing of the document before it, and leaves other cells the same objects", () => {
    const before = workbookWith("1", "2", "3");
    const after = apply(before, { operations: [{ type: "text", cell: "b", changes: [[1, "x"]] }] });
    expect(before.cells[1]!.source).toBe("2");
    expect(after.cells[0]).toBe(before.cells[0]);
    expect(after.cells[2]).toBe(before.cells[2]);
  });

  test.for<[Operation, string]>([
    [{ type: "text", cell: "x", changes: [1] }, "there is no cell #x"],
    [
      { type: "text", cell: "a", changes: [7] },
      "the changes do not fit #a (Applying change set to a document with the wrong length)",
    ],
    [{ type: "text", cell: "a", changes: [[0, "b"], -1] }, "the changes do not fit #a"],
    [
      { type: "insert", after: null, cell: cellWith("a", "") },
      "expected an id that no cell has, found #a",
    ],
    [{ type: "insert", after: "x", cell: cellWith("n", "") }, "there is no cell #x"],
    [{ type: "delete", cell: "x" }, "there is no cell #x"],
    [{ type: "move", cell: "a", after: "a" }, "#a cannot stand after itself"],
    [{ type: "set", cell: "x", kind: "prose" }, "there is no cell #x"],
  ])("that does not fit is refused as a whole: %j", ([wrong, sentence]) => {
    const operations: Operation[] = [{ type: "delete", cell: "b" }, wrong];
    const before = workbookWith("1", "2");
    expect(() => apply(before, { operations })).toThrow(EditError);
    expect(() => apply(before, { operations })).toThrow(`Cannot edit: ${sentence}`);
    expect(orderOf(before)).toBe("ab");
  });
});

describe("two edits at the same time", () => {
  test("lead to a document from both sides, whatever they are", () => {
    fc.assert(
      fc.property(sources, lists, lists, (texts, first, second) => {
        const base = workbookWith(...texts);
        const earlier = chosenList(base, first, "e");
        const later = chosenList(base, second, "l");
        const mapped = mapOver(later, earlier, base);
        const there = apply(apply(base, { operations: earlier }), { operations: mapped.later });
        const here = apply(apply(base, { operations: later }), { operations: mapped.earlier });
        // Where one puts a cell behind another that the other moves, the places may differ; no text does.
        const texts_ = ({ cells, matter }: EditedWorkbook) => [
          matter,
          Object.fromEntries(cells.map((cell) => [cell.id, cell])),
        ];
        expect(texts_(here)).toEqual(texts_(there));
      }),
      { numRuns: 500 },
    );
  });

  test("of text alone lead to the same document", () => {
    fc.assert(
      fc.property(fc.array(choices), fc.array(choices), (first, second) => {
        const base = workbookWith("0123456789", "abc");
        const typing = (list: number[][]) => list.map(([_, ...rest]) => [4, ...rest]);
        const earlier = chosenList(base, typing(first), "e");
        const later = chosenList(base, typing(second), "l");
        const mapped = mapOver(later, earlier, base);
        const there = apply(apply(base, { operations: earlier }), { operations: mapped.later });
        const here = apply(apply(base, { operations: later }), { operations: mapped.earlier });
        expect(here).toEqual(there);
      }),
      { numRuns: 200 },
    );
  });

  const over = (later: Operation, earlier: Operation) => {
    const base = workbookWith("one", "two", "three");
    const mapped = mapOver([later], [earlier], base);
    return apply(apply(base, { operations: [earlier] }), { operations: mapped.later });
  };

  test("letters typed in a cell that another tab deletes bring it back where it was", () => {
    const after = over(
      { type: "text", cell: "b", changes: [3, [0, "!"]] },
      { type: "delete", cell: "b" },
    );
    expect(orderOf(after)).toBe("abc");
    expect(after.cells[1]!.source).toBe("two!");
  });

  test("letters taken away do not", () => {
    const after = over({ type: "text", cell: "b", changes: [[3]] }, { type: "delete", cell: "b" });
    expect(orderOf(after)).toBe("ac");
  });

  test("a cell put behind one that is deleted stands behind the one before that", () => {
    const after = over(
      { type: "insert", after: "b", cell: cellWith("n", "") },
      { type: "delete", cell: "b" },
    );
    expect(orderOf(after)).toBe("anc");
  });

  test("of two settings of one attribute the later one holds, other attributes of the earlier stay", () => {
    const after = over(
      { type: "set", cell: "b", attributes: { run: "once" } },
      { type: "set", cell: "b", kind: "kernel", attributes: { run: "demand", pinned: true } },
    );
    expect(after.cells[1]).toMatchObject({
      kind: "kernel",
      attributes: { run: "once", pinned: true },
    });
  });
});

describe("the difference of two documents", () => {
  test("leads from one to the other", () => {
    fc.assert(
      fc.property(sources, lists, (texts, list) => {
        const before = workbookWith(...texts);
        const after = apply(before, { operations: chosenList(before, list, "n") });
        expect(apply(before, { operations: difference(before, after) })).toEqual(after);
      }),
      { numRuns: 300 },
    );
  });

  test("of one moved cell is one move, and of one letter one letter", () => {
    const before = workbookWith("one", "two", "three", "four");
    const moved = apply(before, { operations: [{ type: "move", cell: "a", after: "c" }] });
    expect(difference(before, moved)).toEqual([{ type: "move", cell: "a", after: "c" }]);
    const typed = apply(before, {
      operations: [{ type: "text", cell: "b", changes: [1, [1, "W"], 1] }],
    });
    expect(difference(before, typed)).toEqual([
      { type: "text", cell: "b", changes: [1, [1, "W"], 1] },
    ]);
  });
});

describe("a merge", () => {
  const base = workbookWith("one", "two", "three");
  const edited = (...operations: Operation[]) => apply(base, { operations });
  const text = (cell: string, source: string): Operation => ({
    type: "text",
    cell,
    changes: [[base.cells.find(({ id }) => id === cell)!.source.length, source]],
  });

  test("of edits of different cells has both", () => {
    const mine = edited(text("a", "1"), { type: "move", cell: "c", after: null });
    const theirs = edited(text("b", "2"), {
      type: "insert",
      after: "b",
      cell: cellWith("n", "new"),
    });
    const { operations, conflicts } = merge(base, mine, theirs);
    expect(conflicts).toEqual([]);
    const both = apply(mine, { operations });
    expect(orderOf(both)).toBe("cabn");
    expect(both.cells.map(({ source }) => source)).toEqual(["three", "1", "2", "new"]);
  });

  test("of the same edit is that edit", () => {
    const { operations, conflicts } = merge(base, edited(text("a", "1")), edited(text("a", "1")));
    expect([operations, conflicts]).toEqual([[], []]);
  });

  test("of different edits of one cell is a conflict with the three texts; the rest is merged", () => {
    const theirs = edited(text("a", "theirs"), { type: "delete", cell: "c" });
    const { operations, conflicts } = merge(base, edited(text("a", "mine")), theirs);
    expect(conflicts).toEqual([{ cell: "a", base: "one", mine: "mine", theirs: "theirs" }]);
    expect(operations).toEqual([{ type: "delete", cell: "c" }]);
  });

  test("of a cell deleted on one side and edited on the other is a conflict", () => {
    const [gone, kept] = [edited({ type: "delete", cell: "b" }), edited(text("b", "2"))];
    expect(merge(base, gone, kept).conflicts).toEqual([
      { cell: "b", base: "two", mine: null, theirs: "2" },
    ]);
    expect(merge(base, kept, gone)).toEqual({
      operations: [],
      conflicts: [{ cell: "b", base: "two", mine: "2", theirs: null }],
    });
  });

  test("never loses what one side alone did, and fits mine", () => {
    fc.assert(
      fc.property(sources, lists, lists, (texts, first, second) => {
        const start = workbookWith(...texts);
        const mine = apply(start, { operations: chosenList(start, first, "m") });
        const theirs = apply(start, { operations: chosenList(start, second, "t") });
        const { operations, conflicts } = merge(start, mine, theirs);
        const both = apply(mine, { operations });
        const disputed = conflicts.map(({ cell }) => cell);
        const at = (workbook: EditedWorkbook, id: string) =>
          workbook.cells.find((cell) => cell.id === id);
        for (const { id } of [...start.cells, ...mine.cells, ...theirs.cells]) {
          const [was, here, there] = [at(start, id), at(mine, id), at(theirs, id)];
          const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
          if (disputed.includes(id)) expect(at(both, id)).toEqual(here);
          else if (same(was, here)) expect(at(both, id)).toEqual(there);
          else expect(at(both, id)).toEqual(here);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("a file", () => {
  test("of any text is edited and written back byte for byte when nothing was edited", () => {
    const piece = fc.constantFrom(
      "```ts {#a}\n1\n```\n",
      "```ts {kernel run=demand x='1'}\r\n1\r\n2\r\n```\r\n",
      "~~~js {#b}\n\n~~~\n",
      "prose\r\nmore\nmixed\r",
      "\n",
      "<!-- cell #p -->\n",
      "---\ntitle: x\n---\n",
      "\ufeff",
      "````ts {#c}\n```\n````",
      "```ts {",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const whole = pieces.join("");
        expect(serialise(workbookOf(editedOf(parse(whole))))).toBe(whole);
      }),
      { numRuns: 500 },
    );
  });
});

test("change sets travel as the editor's library writes them", () => {
  expect(changeSetOf([1, [0, "a", "b"], 2]).newLength).toBe(6);
});
