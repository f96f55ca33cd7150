import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deleteCells, splitCell } from "../../../src/editing/index.ts";
import { opened, settle, texts, typing } from "../../support/document-tabs.ts";
import { choices, chosenOperation, sources } from "../../support/edited-workbooks.ts";

describe("undo", () => {
  test("takes back what this tab did and not what another did, text and structure in one order", () => {
    const { one, two, tabs } = opened("one", "two");
    typing(one.model, "a", 3, "!");
    one.model.edit("delete a cell", deleteCells(one.model.content, ["b"]).operations);
    settle(tabs);
    typing(two.model, "a", 0, "> ");
    settle(tabs);
    expect(one.model.undoLabel).toBe("delete a cell");
    expect(one.model.undo()).toEqual({ cell: "b" });
    expect(texts(one.model)).toEqual(["> one!", "two"]);
    expect(one.model.undo()).toMatchObject({ cell: "a" });
    expect(texts(one.model)).toEqual(["> one", "two"]);
    expect(one.model.undo()).toBeUndefined();
    one.model.redo();
    one.model.redo();
    expect(one.model.redoLabel).toBeUndefined();
    settle(tabs);
    for (const { model } of tabs) expect(texts(model)).toEqual(["> one!"]);
  });

  test("takes typing back at once until it paused", () => {
    const { one } = opened("");
    typing(one.model, "a", 0, "a");
    typing(one.model, "a", 1, "b");
    one.model.pause();
    typing(one.model, "a", 2, "c");
    one.model.undo();
    expect(texts(one.model)).toEqual(["ab"]);
    one.model.undo();
    expect(texts(one.model)).toEqual([""]);
  });

  test("takes all of a split back, and gives the place where it was", () => {
    const { one } = opened("one\ntwo");
    const place = { cell: "a", anchor: 4, head: 4 };
    one.model.edit("split a cell", splitCell(one.model.content, "a", 4).operations, { place });
    expect(texts(one.model)).toEqual(["one", "two"]);
    expect(one.model.undo()).toEqual(place);
    expect(texts(one.model)).toEqual(["one\ntwo"]);
  });

  test("leaves the document as it was before everything, whatever was done", () => {
    fc.assert(
      fc.property(sources, fc.array(choices, { maxLength: 10 }), (start, script) => {
        const { one } = opened(...start);
        const before = one.model.content;
        for (const [index, numbers] of script.entries()) {
          one.model.edit("edit", [chosenOperation(one.model.content, numbers, `n${index}`)]);
        }
        const after = one.model.content;
        while (one.model.undoLabel !== undefined) one.model.undo();
        expect(one.model.content).toEqual(before);
        while (one.model.redoLabel !== undefined) one.model.redo();
        expect(one.model.content).toEqual(after);
      }),
      { numRuns: 200 },
    );
  });
});
