import { expect, test } from "vitest";
import { joinedTyping, placeOf } from "../../../src/client/document/steps.ts";
import type { Operation } from "../../../src/protocol/index.ts";
import { cellWith, workbookWith } from "../../support/edited-workbooks.ts";

const text = (cell: string, ...changes: Extract<Operation, { type: "text" }>["changes"]) =>
  ({ type: "text", cell, changes }) as const;
const typed = { id: "1", label: "typing", operations: [text("a", 3, [0, "x"])] };

test("typing that goes on in one cell is one edit, under the id of the first", () => {
  expect(joinedTyping(typed, [text("a", 4, [0, "y"])])).toEqual({
    ...typed,
    operations: [text("a", 3, [0, "xy"])],
  });
});

test.for<[string, Parameters<typeof joinedTyping>]>([
  ["in another cell", [typed, [text("b", 3, [0, "y"])]]],
  ["after something else", [{ ...typed, label: "undo typing" }, [text("a", 4, [0, "y"])]]],
  ["that is no text", [typed, [{ type: "delete", cell: "a" }]]],
  [
    "after a step of several",
    [{ ...typed, operations: [...typed.operations, text("b", 1)] }, [text("a", 4, [0, "y"])]],
  ],
])("typing %s is an edit of its own", ([, [last, operations]]) => {
  expect(joinedTyping(last, operations)).toBeUndefined();
});

const content = workbookWith("one", "two");
const place = (...operations: Operation[]) => placeOf({ label: "", operations }, content);

test("typing was at the end of what it changed last", () => {
  expect(place(text("a", [1, "O"], 2))).toEqual({ cell: "a", anchor: 1, head: 1 });
  expect(place(text("a", [0, "O"], 1, [1, ""], 1))).toEqual({ cell: "a", anchor: 2, head: 2 });
});

test("anything else was at its cell, the last that is still there to be looked at", () => {
  expect(place({ type: "insert", after: null, cell: cellWith("b", "") })).toEqual({ cell: "b" });
  expect(place({ type: "move", cell: "a", after: "b" })).toEqual({ cell: "a" });
  expect(
    place(
      { type: "set", cell: "a", kind: "prose" },
      { type: "delete", cell: "x" },
      { type: "matter", key: "title", value: null },
    ),
  ).toEqual({ cell: "a" });
});

test("what was in no cell, or in one that is gone, was nowhere", () => {
  expect(place({ type: "delete", cell: "x" })).toBeUndefined();
  expect(place({ type: "set", cell: "x", kind: "prose" })).toBeUndefined();
  expect(place({ type: "kept", cell: null, kept: null })).toBeUndefined();
});
