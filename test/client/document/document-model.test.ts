import { expect, test } from "vitest";
import { insertCells } from "../../../src/editing/index.ts";
import { opened, texts, typing } from "../../support/document-tabs.ts";
import { orderOf } from "../../support/edited-workbooks.ts";

test("a version of the history is restored as one step", () => {
  const { one } = opened("one", "two");
  const version = one.model.content;
  one.model.edit("insert", insertCells(one.model.content, "a", [{ kind: "prose" }]).operations);
  typing(one.model, "b", 0, "X");
  one.model.restore(version);
  expect(orderOf(one.model.content)).toBe("ab");
  expect(one.model.undoLabel).toBe("restore a version");
  one.model.undo();
  expect(texts(one.model)).toEqual(["one", "", "Xtwo"]);
});

test("saving and conflicts are told", () => {
  const { one } = opened("1");
  one.changes.length = 0;
  one.model.hear({ type: "save", save: { state: "saving", revision: 3 } });
  expect(one.model.saved).toEqual({ state: "saving", revision: 3 });
  const conflict = { cell: "a", base: "1", mine: "2", theirs: "3" };
  one.model.hear({ type: "conflict", conflicts: [conflict] });
  expect(one.model.conflicts).toEqual([conflict]);
  expect(one.changes).toHaveLength(2);
});
