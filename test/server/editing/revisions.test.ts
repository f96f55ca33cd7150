import { expect, test } from "vitest";
import { Revisions } from "../../../server/editing/revisions.ts";
import type { Edit } from "../../../src/protocol/index.ts";
import { workbookWith } from "../../support/edited-workbooks.ts";

/** Puts a letter before all that is there. */
const typing = (id: string, length = 0): Edit => ({
  id,
  label: "typing",
  operations: [{ type: "text", cell: "a", changes: length ? [[0, id], length] : [[0, id]] }],
});

const begun = () => new Revisions(workbookWith(""), { epoch: "e", revision: 7 });
const at = (revision: number, epoch = "e") => ({ epoch, revision });

test("edits made on the newest revision are accepted in order, each with its revision and author", () => {
  const revisions = begun();
  expect(revisions.accept(at(7), [typing("x"), typing("y", 1)], "tab")).toEqual({
    accepted: [
      { ...typing("x"), revision: 8, author: "tab" },
      { ...typing("y", 1), revision: 9, author: "tab" },
    ],
  });
  expect(revisions.content.cells[0]!.source).toBe("yx");
  expect(revisions.revision).toBe(9);
});

test("edits made on another revision, or in another epoch, are not", () => {
  const revisions = begun();
  revisions.accept(at(7), [typing("x")], "tab");
  for (const base of [at(7), at(9), at(8, "f")]) {
    expect(revisions.accept(base, [typing("y", 1)], "tab")).toEqual({ outdated: 8 });
  }
  expect(revisions.content.cells[0]!.source).toBe("x");
});

test("edits sent twice are accepted once; with new ones among them none is", () => {
  const revisions = begun();
  revisions.accept(at(7), [typing("x")], "tab");
  expect(revisions.accept(at(8), [typing("x")], "tab")).toEqual({ outdated: 8 });
  expect(() => revisions.accept(at(8), [typing("x"), typing("y", 1)], "tab")).toThrow(
    "Cannot edit: some of these edits were accepted before and others were not",
  );
  expect(revisions.revision).toBe(8);
});

test("edits of which one does not fit are refused as a whole", () => {
  const revisions = begun();
  expect(() => revisions.accept(at(7), [typing("x"), typing("y")], "tab")).toThrow(
    "Cannot edit: the changes do not fit #a",
  );
  expect([revisions.revision, revisions.content]).toEqual([7, workbookWith("")]);
  expect(revisions.accept(at(7), [typing("x")], "tab")).toHaveProperty("accepted");
});

test("what a page missed is told, as far as it is known", () => {
  const revisions = begun();
  revisions.accept(at(7), [typing("x"), typing("y", 1)], "tab");
  revisions.change(typing("z", 2));
  expect(revisions.since(at(8))!.map(({ id, author }) => [id, author])).toEqual([
    ["y", "tab"],
    ["z", undefined],
  ]);
  expect(revisions.since(at(10))).toEqual([]);
  for (const name of [at(6), at(11), at(8, "f")]) expect(revisions.since(name)).toBeUndefined();
});

test("edits of an earlier life of the server go on from theirs, and are known", () => {
  const revisions = begun();
  revisions.replay([{ ...typing("x"), revision: 8 }]);
  expect(revisions.revision).toBe(8);
  expect(revisions.content.cells[0]!.source).toBe("x");
  expect(revisions.accept(at(8), [typing("x")], "tab")).toEqual({ outdated: 8 });
  expect(revisions.since(at(7))).toHaveLength(1);
});

test("5,000 edits are kept, and no more", () => {
  const revisions = begun();
  for (let count = 0; count < 5_001; count++) revisions.change(typing("x", count));
  expect(revisions.since(at(7))).toBeUndefined();
  expect(revisions.since(at(8))).toHaveLength(5_000);
});
