import { describe, expect, test } from "vitest";
import { opened, settle, typing } from "../../support/document-tabs.ts";

describe("commands", () => {
  test("that mean what was typed before wait until it is accepted", () => {
    const { one, tabs } = opened("1");
    typing(one.model, "a", 1, "!");
    one.model.apply(["a"]);
    expect(one.up.map(({ type }) => type)).toEqual(["edit"]);
    one.sendOne();
    while (one.hearOne());
    expect(one.up).toEqual([{ type: "apply", cells: ["a"] }]);
    settle(tabs);
    one.model.apply();
    one.model.save();
    one.model.resolve("mine", "a");
    expect(one.up).toEqual([
      { type: "apply" },
      { type: "save" },
      { type: "resolve", cell: "a", keep: "mine" },
    ]);
  });

  test("one is under way, however much is typed; what waits is one edit", () => {
    const { one, revisions, tabs } = opened("");
    for (const [index, letter] of [..."letters"].entries()) typing(one.model, "a", index, letter);
    expect(one.up).toHaveLength(1);
    settle(tabs);
    expect(revisions.revision).toBe(2);
    expect(revisions.content.cells[0]!.source).toBe("letters");
  });
});
