import { ChangeSet } from "@codemirror/state";
import { expect, test } from "vitest";
import { changeOf, isNothing } from "../../../src/client/document/change.ts";
import { apply } from "../../../src/editing/index.ts";
import type { Operation } from "../../../src/protocol/index.ts";
import { cellWith, workbookWith } from "../../support/edited-workbooks.ts";

const before = workbookWith("one", "two", "three");

function change(...operations: Operation[]) {
  const after = apply(before, { operations });
  const { texts, ...rest } = changeOf(before, after, operations, "local");
  return { ...rest, texts: [...texts].map(([id, set]) => [id, set.toJSON()]) };
}

const nothing = {
  origin: "local",
  texts: [],
  added: [],
  removed: [],
  set: [],
  isReordered: false,
  isRetitled: false,
};

test.for<[string, Operation, object]>([
  ["text", { type: "text", cell: "b", changes: [1, [1], 1] }, { texts: [["b", [1, [1], 1]]] }],
  ["a new cell", { type: "insert", after: "a", cell: cellWith("n", "") }, { added: ["n"] }],
  ["a cell that goes", { type: "delete", cell: "b" }, { removed: ["b"] }],
  ["another kind", { type: "set", cell: "b", kind: "prose" }, { set: ["b"] }],
  ["an attribute", { type: "set", cell: "b", attributes: { run: "once" } }, { set: ["b"] }],
  ["the attributes it had", { type: "set", cell: "b", attributes: { run: null } }, {}],
  ["another order", { type: "move", cell: "a", after: "b" }, { isReordered: true }],
  ["another title", { type: "matter", key: "title", value: "A" }, { isRetitled: true }],
])("%s is told, and nothing else", ([, operation, told]) => {
  expect(change(operation)).toEqual({ ...nothing, ...told });
});

test("only what is nothing is nothing", () => {
  const one = changeOf(before, before, [], "remote");
  expect(isNothing(one)).toBe(true);
  expect(isNothing({ ...one, texts: new Map([["a", ChangeSet.empty(3)]]) })).toBe(false);
  for (const part of ["added", "removed", "set"]) {
    expect(isNothing({ ...one, [part]: ["a"] }), part).toBe(false);
  }
  for (const part of ["isReordered", "isRetitled"]) {
    expect(isNothing({ ...one, [part]: true }), part).toBe(false);
  }
});

test("whoever made it is told with it", () => {
  const me = {};
  expect(changeOf(before, before, [], "local", me).by).toBe(me);
  expect(changeOf(before, before, [], "local")).not.toHaveProperty("by");
});

test("a text changed where its operations say, though the texts alone could mean another place", () => {
  const doubled = workbookWith("aa");
  const operations: Operation[] = [
    { type: "text", cell: "a", changes: [1, [0, "a"], 1] },
    { type: "text", cell: "a", changes: [3, [0, "!"]] },
  ];
  const { texts } = changeOf(doubled, apply(doubled, { operations }), operations, "remote");
  expect(texts.get("a")!.toJSON()).toEqual([1, [0, "a"], 1, [0, "!"]]);
});

test("a text of which the operations do not say all is told by what differs", () => {
  const after = workbookWith("one!", "two", "three");
  for (const changes of [[3, [0, "?"]] as const, [99] as const]) {
    const { texts } = changeOf(before, after, [{ type: "text", cell: "a", changes }], "remote");
    expect(texts.get("a")!.toJSON()).toEqual([3, [0, "!"]]);
  }
});
