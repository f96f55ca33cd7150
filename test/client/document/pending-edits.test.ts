import { ChangeSet, Text } from "@codemirror/state";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deleteCells } from "../../../src/editing/index.ts";
import { opened, settle, texts, typing } from "../../support/document-tabs.ts";
import { choices, chosenOperation, sources } from "../../support/edited-workbooks.ts";

describe("two tabs", () => {
  test("see what each other does", () => {
    const { one, two, tabs } = opened("1", "2");
    typing(one.model, "a", 1, "!");
    two.model.edit("delete a cell", deleteCells(two.model.content, ["b"]).operations);
    settle(tabs);
    for (const { model } of tabs) expect(texts(model)).toEqual(["1!"]);
  });

  test("with 2,000 random edits, delivered in any order, converge", () => {
    let state = 1;
    const random = (below: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % below;
    };
    const { one, two, revisions, tabs } = opened("one", "two", "three", "four");
    for (let count = 0; count < 2_000; count++) {
      const { model } = tabs[random(2)]!;
      const numbers = Array.from({ length: 6 }, () => random(1_000));
      // Cells come as often as they go.
      if (model.content.cells.length > 12) numbers[0] = 1;
      const kind = random(12);
      if (kind === 0) model.undo();
      else if (kind === 1) model.redo();
      else {
        const operation = chosenOperation(model.content, numbers, `n${count}`);
        if (operation.type === "text") {
          model.type(operation.cell, ChangeSet.fromJSON(operation.changes));
        } else model.edit("edit", [operation]);
      }
      for (let more = random(4); more > 0; more--) {
        const tab = tabs[random(2)]!;
        if (random(2) === 0) tab.sendOne();
        else tab.hearOne();
      }
      if (random(100) === 0) tabs[random(2)]!.connect();
    }
    settle(tabs);
    expect(one.model.content).toEqual(revisions.content);
    expect(two.model.content).toEqual(revisions.content);
    expect(one.model.isAccepted && two.model.isAccepted).toBe(true);
    expect(revisions.revision).toBeGreaterThan(500);
  });

  test("are told how each text changed, from what it was to what it is", () => {
    fc.assert(
      fc.property(
        sources,
        fc.array(fc.tuple(fc.nat(1), choices, fc.nat(3)), { maxLength: 12 }),
        (start, script) => {
          const { tabs } = opened(...start);
          const shown = tabs.map(
            ({ model }) => new Map(model.content.cells.map((c) => [c.id, c.source])),
          );
          for (const [index, { model }] of tabs.entries()) {
            model.onChange((change) => {
              const view = shown[index]!;
              for (const id of change.removed) view.delete(id);
              for (const id of change.added) view.set(id, model.cell(id)!.source);
              for (const [id, changes] of change.texts) {
                const text = changes.apply(Text.of(view.get(id)!.split("\n")));
                view.set(id, text.toString());
              }
            });
          }
          for (const [who, numbers, deliver] of script) {
            const { model } = tabs[who]!;
            const operation = chosenOperation(model.content, numbers, `n${Math.random()}`);
            model.edit("edit", [operation]);
            if (deliver > 0) tabs[deliver % 2]!.sendOne();
            if (deliver > 1) tabs[who]!.hearOne();
          }
          settle(tabs);
          for (const [index, { model }] of tabs.entries()) {
            expect(shown[index]).toEqual(new Map(model.content.cells.map((c) => [c.id, c.source])));
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
