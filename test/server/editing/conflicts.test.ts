import { expect, test } from "vitest";
import { Conflicts } from "../../../server/editing/conflicts.ts";
import { apply } from "../../../src/editing/index.ts";
import { orderOf, workbookWith } from "../../support/edited-workbooks.ts";

const here = workbookWith("mine", "two");
const onDisk = workbookWith("theirs", "two", "three");
const conflict = (cell: string, theirs: string | null) => ({
  cell,
  base: "one",
  mine: "?",
  theirs,
});

function disputed(...list: ReturnType<typeof conflict>[]) {
  const conflicts = new Conflicts();
  conflicts.add(list);
  return conflicts;
}

test("conflicts are told with the texts as they are here now", () => {
  const conflicts = disputed(conflict("a", "theirs"), conflict("gone", "x"));
  expect(conflicts.none).toBe(false);
  expect(conflicts.told(here)).toEqual([
    { ...conflict("a", "theirs"), mine: "mine" },
    { ...conflict("gone", "x"), mine: null },
  ]);
});

test("a cell in conflict that changes on disk once more keeps what it was when they parted", () => {
  const conflicts = disputed(conflict("a", "theirs"));
  conflicts.add([{ cell: "a", base: "theirs", mine: "mine", theirs: "theirs again" }]);
  expect(conflicts.told(here)).toEqual([
    { cell: "a", base: "one", mine: "mine", theirs: "theirs again" },
  ]);
});

test("a conflict ends when an edit makes both the same", () => {
  const conflicts = disputed(conflict("a", "theirs"), conflict("b", "other"));
  expect(conflicts.follow(here)).toBe(false);
  expect(conflicts.follow(onDisk)).toBe(true);
  expect(conflicts.told(onDisk).map(({ cell }) => cell)).toEqual(["b"]);
});

test("a conflict of a cell that was deleted on disk ends when it is deleted here", () => {
  const conflicts = disputed(conflict("a", null));
  expect(conflicts.follow({ ...here, cells: here.cells.slice(1) })).toBe(true);
  expect(conflicts.none).toBe(true);
});

test("mine leaves the document as it is", () => {
  const conflicts = disputed(conflict("a", "theirs"));
  expect(conflicts.resolve(here, onDisk, "mine", "a")).toEqual([]);
  expect(conflicts.none).toBe(true);
});

test("theirs makes the cell what the file has, kind and attributes too", () => {
  const [cell, ...rest] = onDisk.cells;
  const there = { ...cell!, kind: "kernel", attributes: { run: "once" } } as const;
  const operations = disputed(conflict("a", "theirs")).resolve(
    here,
    { ...onDisk, cells: [there, ...rest] },
    "theirs",
  );
  expect(apply(here, { operations })).toEqual({ ...here, cells: [there, here.cells[1]] });
});

test("theirs deletes a cell that the file has not, and brings back in its place one that is not here", () => {
  const conflicts = disputed(conflict("a", null), conflict("c", "three"), conflict("x", null));
  const disk = { ...onDisk, cells: onDisk.cells.slice(1) };
  const operations = conflicts.resolve(here, disk, "theirs");
  expect(orderOf(apply(here, { operations }))).toBe("bc");
  expect(conflicts.none).toBe(true);
});

test("a text of the person's own stands in the cell, whether it is here, on disk only or nowhere", () => {
  const keep = { text: "both" };
  const conflicts = disputed(conflict("a", "theirs"), conflict("c", "three"), conflict("x", null));
  const operations = conflicts.resolve(here, onDisk, keep);
  expect(apply(here, { operations }).cells.map(({ id, source }) => [id, source])).toEqual([
    ["a", "both"],
    ["b", "two"],
    ["c", "both"],
  ]);
});

test("one is decided and the others wait; one that is none is refused", () => {
  const conflicts = disputed(conflict("a", "theirs"), conflict("c", "three"));
  conflicts.resolve(here, onDisk, "mine", "a");
  expect(conflicts.told(here).map(({ cell }) => cell)).toEqual(["c"]);
  expect(() => conflicts.resolve(here, onDisk, "mine", "a")).toThrow(
    "Cannot resolve #a: it is in no conflict",
  );
});
