import { describe, expect, test } from "vitest";
import { UndoHistory, type UndoStep } from "../../../src/client/document/undo-history.ts";
import { apply } from "../../../src/editing/index.ts";
import type { EditedWorkbook, Operation } from "../../../src/protocol/index.ts";
import { orderOf, workbookWith } from "../../support/edited-workbooks.ts";

/** A document and what was done to it. */
function written(...sources: string[]) {
  const history = new UndoHistory();
  const page = {
    history,
    content: workbookWith(...sources),
    does(step: UndoStep) {
      history.did(step, page.content);
      page.content = apply(page.content, step);
    },
    types(cell: string, letter: string, time: number) {
      const { length } = page.content.cells.find(({ id }) => id === cell)!.source;
      const operations: Operation[] = [{ type: "text", cell, changes: keep(length, [0, letter]) }];
      page.does({ label: "typing", operations, typing: { cell, time } });
    },
    takes(which: "undo" | "redo") {
      const step = history.take(which, page.content);
      if (step) page.content = apply(page.content, step);
      return step;
    },
    others(...operations: Operation[]) {
      history.follow(operations, page.content);
      page.content = apply(page.content, { operations });
    },
  };
  return page;
}

function keep(length: number, change: [number, ...string[]]) {
  return length > 0 ? [length, change] : [change];
}

const texts = ({ content }: { content: EditedWorkbook }) => content.cells.map((c) => c.source);

describe("typing", () => {
  test("with pauses of up to 600 ms is taken back at once, however long it goes on", () => {
    const page = written("");
    for (const [index, letter] of [..."abc"].entries()) page.types("a", letter, 600 * index);
    page.types("a", "d", 1_801);
    page.takes("undo");
    expect(texts(page)).toEqual(["abc"]);
    page.takes("undo");
    expect([texts(page), page.history.undoLabel]).toEqual([[""], undefined]);
  });

  test("in two cells in turn is taken back in turn", () => {
    const page = written("", "");
    page.types("a", "1", 0);
    page.types("b", "2", 1);
    page.takes("undo");
    expect(texts(page)).toEqual(["1", ""]);
  });

  test("does not go on after something else, nor after a pause that was said", () => {
    const page = written("");
    page.types("a", "1", 0);
    page.does({ label: "set", operations: [{ type: "set", cell: "a", kind: "prose" }] });
    page.history.pause();
    page.types("a", "2", 1);
    page.history.pause();
    page.types("a", "3", 2);
    const steps = [page.takes("undo"), page.takes("undo"), page.takes("undo")];
    expect(steps.map((step) => step!.label)).toEqual(["typing", "typing", "set"]);
    expect(texts(page)).toEqual(["1"]);
  });

  test("that was done again does not go on", () => {
    const page = written("");
    page.types("a", "1", 0);
    page.takes("undo");
    page.takes("redo");
    page.types("a", "2", 1);
    page.takes("undo");
    expect(texts(page)).toEqual(["1"]);
  });
});

test("doing something new ends what could be done again", () => {
  const page = written("");
  page.types("a", "1", 0);
  page.takes("undo");
  expect(page.history.redoLabel).toBe("typing");
  page.types("a", "2", 1);
  expect(page.history.redoLabel).toBeUndefined();
});

test("1,000 steps are kept, and no more", () => {
  const page = written("");
  for (let count = 0; count <= 1_000; count++) page.types("a", "x", 601 * count);
  while (page.takes("undo"));
  expect(texts(page)).toEqual(["x"]);
});

test("what others did stays, and what was done here is taken back where it is now", () => {
  const page = written("one", "two");
  page.types("a", "!", 0);
  page.does({ label: "delete", operations: [{ type: "delete", cell: "b" }] });
  page.others({ type: "text", cell: "a", changes: [[0, "> "], 4] });
  page.takes("undo");
  page.takes("undo");
  expect(texts(page)).toEqual(["> one", "two"]);
  page.others({ type: "text", cell: "a", changes: [[2], 3] });
  page.takes("redo");
  page.takes("redo");
  expect(texts(page)).toEqual(["one!"]);
});

test("what others have taken away is passed over", () => {
  const page = written("one", "two");
  page.does({ label: "kind", operations: [{ type: "set", cell: "a", kind: "prose" }] });
  page.does({ label: "move", operations: [{ type: "move", cell: "a", after: "b" }] });
  page.does({ label: "set", operations: [{ type: "set", cell: "b", kind: "prose" }] });
  page.others({ type: "delete", cell: "b" });
  expect(page.takes("undo")!.label).toBe("move");
  expect(page.takes("undo")!.label).toBe("kind");
  expect(page.takes("undo")).toBeUndefined();
  expect(orderOf(page.content)).toBe("a");
});

test("what is kept through a reload is taken back after it", () => {
  const page = written("", "");
  page.types("a", "1", 0);
  page.types("b", "2", 0);
  page.takes("undo");
  const { undo, redo } = page.history.steps;
  const after = new UndoHistory(undo, redo);
  expect([after.undoLabel, after.redoLabel]).toEqual(["typing", "typing"]);
  expect(apply(page.content, after.take("undo", page.content)!).cells[0]!.source).toBe("");
});
