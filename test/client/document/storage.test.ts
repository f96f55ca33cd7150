import { describe, expect, test } from "vitest";
import { opened, room, settle, texts, typing } from "../../support/document-tabs.ts";
import { workbookWith } from "../../support/edited-workbooks.ts";

describe("a reload", () => {
  test("keeps what can be undone, mapped over what others did meanwhile, and what was not sent", () => {
    const { join, tabs, two } = opened("one", "two");
    const storage = { text: null };
    const before = join(storage);
    settle(tabs);
    typing(before.model, "a", 3, "!");
    settle(tabs);
    typing(before.model, "b", 3, "?");
    before.model.keepNow();
    tabs.splice(tabs.indexOf(before), 1);
    typing(two.model, "a", 0, "> ");
    settle(tabs);
    const after = join(storage);
    settle(tabs);
    expect(texts(after.model)).toEqual(["> one!", "two?"]);
    expect(texts(two.model)).toEqual(["> one!", "two?"]);
    after.model.undo();
    after.model.undo();
    expect(texts(after.model)).toEqual(["> one", "two"]);
  });

  test("of a server that knows nothing any more loses no text", () => {
    const storage = { text: null };
    const first = room(workbookWith("one", "two", "three"));
    const before = first.join(storage);
    settle(first.tabs);
    typing(before.model, "a", 3, "!");
    typing(before.model, "b", 3, "?");
    before.model.keepNow();
    const second = room(workbookWith("one", "2", "3"));
    const after = second.join(storage);
    settle(second.tabs);
    expect(texts(after.model)).toEqual(["one!", "2", "two?", "3"]);
    expect(second.revisions.content).toEqual(after.model.content);
  });

  test("with something else in the storage begins anew", () => {
    const { join } = room(workbookWith("one"));
    const tab = join({ text: "{" });
    settle([tab]);
    expect(texts(tab.model)).toEqual(["one"]);
  });
});
