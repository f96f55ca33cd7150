import { describe, expect, test } from "vitest";
import { Revisions } from "../../../server/editing/revisions.ts";
import { deleteCells, insertCells } from "../../../src/editing/index.ts";
import { opened, settle, texts, typing } from "../../support/document-tabs.ts";
import { workbookWith } from "../../support/edited-workbooks.ts";

describe("a tab that was away for longer than the server remembers", () => {
  /** Tab one goes away; tab two makes more edits than are kept, the last of them told by the texts. */
  function away() {
    const found = opened("1", "2", "3", "4");
    const { one, two, tabs, revisions } = found;
    tabs.splice(tabs.indexOf(one), 1);
    for (let count = 0; count < 5_100; count++) {
      typing(two.model, "b", 1, "x");
      typing(two.model, "b", 1, "y");
      two.model.pause();
      settle(tabs);
    }
    expect(revisions.since(one.model.name!)).toBeUndefined();
    const back = () => {
      tabs.push(one);
      one.connect();
      settle(tabs);
      expect(one.model.content).toEqual(two.model.content);
      expect([one.model.isAccepted, two.model.isAccepted]).toEqual([true, true]);
    };
    return { ...found, back };
  }

  test("ends in the same document: what each did in other cells is merged, in the same cell both stay", () => {
    const { one, two, back } = away();
    const theirs = `2${"yx".repeat(5_100)}`;
    typing(one.model, "a", 1, " mine");
    typing(one.model, "b", 1, " of both");
    const [cell] = workbookWith("new").cells;
    one.model.edit("insert", insertCells(one.model.content, "a", [cell!]).operations);
    one.model.edit("delete", deleteCells(one.model.content, ["d"]).operations);
    typing(two.model, "c", 1, " theirs");
    back();
    expect(texts(one.model).slice().sort()).toEqual(
      ["1 mine", "new", theirs, "2 of both", "3 theirs"].sort(),
    );
  });

  test("with nothing done there has what the others did", () => {
    const { one, two, back } = away();
    typing(two.model, "c", 1, " theirs");
    back();
    expect(texts(one.model)[2]).toBe("3 theirs");
  });
});

test("edits that a server had accepted and lost are asked for again by a tab that has them", () => {
  const { one, two, tabs } = opened("1", "2");
  typing(one.model, "a", 1, " accepted");
  settle(tabs);
  typing(two.model, "b", 1, " pending");
  // The machine lost its power: the journal ends before the first edit.
  const { epoch } = two.model.name!;
  const { content, revision } = new Revisions(workbookWith("1", "2"), { epoch, revision: 0 });
  two.up.length = 0;
  two.model.hear({ type: "document", content, epoch, revision });
  expect(texts(two.model)).toEqual(["1 accepted", "2 pending"]);
  expect(two.up).toMatchObject([{ type: "edit", base: { epoch, revision: 0 } }]);
});
