// @vitest-environment happy-dom
import { ChangeSet } from "@codemirror/state";
import { describe, expect, onTestFinished, test } from "vitest";
import { Banners } from "../../../src/client/banners.ts";
import { ConflictView } from "../../../src/client/conflicts/index.ts";
import { DocumentModel } from "../../../src/client/document/index.ts";
import type { CellConflict, EditCommand } from "../../../src/protocol/index.ts";
import { workbookWith } from "../../support/edited-workbooks.ts";

const both: CellConflict = { cell: "a", base: "one", mine: "one mine", theirs: "one theirs" };
const second: CellConflict = { cell: "b", base: "two", mine: "two mine", theirs: "two theirs" };

function opened(...conflicts: readonly CellConflict[]) {
  const sent: EditCommand[] = [];
  const said: string[] = [];
  const banners = new Banners();
  const model = new DocumentModel({ send: (command) => sent.push(command) });
  const view = new ConflictView({ model, banners, say: (text) => said.push(text) });
  onTestFinished(() => view.dispose());
  document.body.replaceChildren(banners.element, view.element);
  const content = workbookWith("one mine", "two mine");
  model.hear({ type: "document", content, epoch: "e", revision: 0 });
  const says = (...told: readonly CellConflict[]) =>
    model.hear({ type: "conflict", conflicts: told });
  says(...conflicts);
  const press = (name: string) =>
    [...document.querySelectorAll("button")]
      .find((button) => [button.textContent, button.getAttribute("aria-label")].includes(name))!
      .click();
  const title = () => view.element.querySelector("h2")?.textContent;
  const texts = () =>
    [...view.element.querySelectorAll(".cm-content")].map(({ textContent }) => textContent);
  return { model, view, banners, sent, said, says, press, title, texts };
}

test("a message says that nothing is overwritten, and leads there", () => {
  const { banners, press, view } = opened(both);
  expect(banners.element.textContent).toContain("Nothing is overwritten");
  press("Decide");
  expect(document.activeElement).toBe(view.element);
});

describe("a cell changed here and on disk", () => {
  test("is shown as it is on disk and here, and what both began with", async () => {
    const { view, title, texts } = opened(both);
    expect(title()).toBe("a was changed here and on disk");
    await expect.poll(texts).toEqual(["one theirs", "one mine"]);
    const details = view.element.querySelector("details")!;
    details.open = true;
    details.dispatchEvent(new Event("toggle"));
    await expect.poll(() => details.querySelectorAll("table").length).toBe(2);
    expect(details.textContent).toContain("one theirs");
  });

  test.for([
    ["Keep mine", "mine"],
    ["Take theirs", "theirs"],
    ["Use the text on the right", { text: "one mine" }],
  ] as const)("%s", async ([name, keep]) => {
    const { sent, press, texts } = opened(both);
    await expect.poll(() => texts().length).toBe(2);
    press(name);
    expect(sent).toEqual([{ type: "resolve", cell: "a", keep }]);
  });

  test("follows what is typed in it meanwhile", async () => {
    const { model, texts } = opened(both);
    await expect.poll(() => texts().length).toBe(2);
    model.type("a", ChangeSet.of({ from: 8, insert: "!" }, 8));
    expect(texts()).toEqual(["one theirs", "one mine!"]);
  });

  test("is decided on: the rest is shown, then nothing", async () => {
    const { says, said, view, title, banners } = opened(both, second);
    says(second);
    expect(title()).toBe("b was changed here and on disk");
    says();
    expect(view.element.hidden).toBe(true);
    expect(banners.element.children).toHaveLength(0);
    expect(said).toEqual(["Nothing is in conflict any more"]);
  });
});

test("of several one is shown, the others are a step away, and all can be decided on at once", () => {
  const { title, press, sent, view } = opened(both, second);
  expect(view.element.textContent).toContain("1 of 2");
  press("Next cell in conflict");
  expect(title()).toBe("b was changed here and on disk");
  expect(view.element.textContent).toContain("2 of 2");
  press("Next cell in conflict");
  expect(title()).toBe("a was changed here and on disk");
  press("Take all of theirs");
  press("Keep all of mine");
  expect(sent).toEqual([
    { type: "resolve", keep: "theirs" },
    { type: "resolve", keep: "mine" },
  ]);
});

test.for([
  ["deleted here", { ...both, cell: "x", mine: null }, "Bring it back", "Leave it deleted"],
  ["deleted on disk", { ...both, theirs: null }, "Delete it here too", "Keep mine"],
] as const)("a cell %s says so, with what can be done", async ([, conflict, theirs, mine]) => {
  const { sent, press, view } = opened(conflict);
  await expect.poll(() => view.element.querySelectorAll("table").length).toBe(1);
  press(theirs);
  press(mine);
  const { cell } = conflict;
  expect(sent).toEqual([
    { type: "resolve", cell, keep: "theirs" },
    { type: "resolve", cell, keep: "mine" },
  ]);
});
