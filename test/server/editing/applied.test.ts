import { expect, test } from "vitest";
import { Applied } from "../../../server/editing/applied.ts";
import { apply } from "../../../src/editing/index.ts";
import type { EditedWorkbook, Operation } from "../../../src/protocol/index.ts";
import { cellWith, workbookWith } from "../../support/edited-workbooks.ts";

const plain = workbookWith("1", "2", "prose");
const start: EditedWorkbook = {
  ...plain,
  cells: plain.cells.with(2, { ...plain.cells[2]!, kind: "prose" }),
};
const typed = (cell: string): Operation => ({
  type: "text",
  cell,
  changes: [start.cells.find(({ id }) => id === cell)!.source.length, [0, "!"]],
});

/** What is defined after edits, and whether the definitions may have changed. */
function followed(edits: readonly (readonly Operation[])[], isWhole = false) {
  const applied = new Applied(start);
  const content = apply(start, { operations: edits.flat() });
  const accepted = edits.map((operations, index) => ({
    id: `${index}`,
    label: "",
    revision: index + 1,
    operations,
  }));
  const isChanged = applied.follow(content, accepted, isWhole);
  return { applied, content, isChanged, sources: sourcesOf(applied, content) };
}

const sourcesOf = (applied: Applied, content: EditedWorkbook) =>
  applied.defined(content).cells.map(({ source }) => source);

test("typing in code defines nothing until it is applied", () => {
  const { applied, content, isChanged, sources } = followed([[typed("a")], [typed("b")]]);
  expect([isChanged, sources]).toEqual([false, ["1", "2", "prose"]]);
  applied.apply(content, ["b"]);
  expect(sourcesOf(applied, content)).toEqual(["1", "2!", "prose"]);
  applied.apply(content);
  expect(sourcesOf(applied, content)).toEqual(["1!", "2!", "prose"]);
});

test("prose is as it is typed", () => {
  const { isChanged, sources } = followed([[typed("c")]]);
  expect([isChanged, sources]).toEqual([true, ["1", "2", "prose!"]]);
});

test("an edit of more than text defines the cells it concerns, and no other", () => {
  const inserted: Operation = { type: "insert", after: "a", cell: cellWith("n", "new") };
  const { isChanged, sources } = followed([[typed("b")], [typed("a"), inserted]]);
  expect([isChanged, sources]).toEqual([true, ["1!", "new", "2", "prose"]]);
});

test("another title changes what is defined, and no cell of it", () => {
  const { isChanged, sources } = followed([
    [typed("a"), { type: "matter", key: "title", value: "A" }],
    [typed("b")],
  ]);
  expect([isChanged, sources]).toEqual([true, ["1!", "2", "prose"]]);
});

test("edits that define whatever they are define the cells they concern", () => {
  const { isChanged, sources } = followed([[typed("a")]], true);
  expect([isChanged, sources]).toEqual([true, ["1!", "2", "prose"]]);
});

test("a cell that went and comes back is as it comes back", () => {
  const { applied, content } = followed([[{ type: "delete", cell: "a" }]]);
  const back = { ...content, cells: [cellWith("a", "again"), ...content.cells] };
  expect(sourcesOf(applied, back)).toEqual(["again", "2", "prose"]);
});

test("a document that is defined as it is has its cells themselves", () => {
  expect(new Applied(start).defined(start).cells[0]).toBe(start.cells[0]);
});
