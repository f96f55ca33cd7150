// @vitest-environment happy-dom
import { ChangeSet } from "@codemirror/state";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Banners } from "../../../src/client/banners.ts";
import { DocumentModel } from "../../../src/client/document/index.ts";
import { Keeping } from "../../../src/client/keeping/index.ts";
import { clock, standingOf } from "../../../src/client/keeping/standing.ts";
import type { EditCommand, SaveState } from "../../../src/protocol/index.ts";
import { workbookWith } from "../../support/edited-workbooks.ts";

const saved: SaveState = { state: "saved", revision: 1, time: 0 };
const full: SaveState = {
  state: "failed",
  revision: 2,
  reason: "Cannot save a.md: the disk is full",
  retry: 60_000,
};

describe("the word in the top bar", () => {
  test.for([
    ["is none before the server has said", "open", true, undefined, "unknown", ""],
    ["saved", "open", true, saved, "saved", `In the file since ${clock(0)}`],
    ["saving, what the server does not have", "open", false, saved, "saving", "about to be"],
    ["saving", "open", true, { state: "saving", revision: 2 }, "saving", "about to be"],
    ["not saved, because", "open", true, full, "failed", "the disk is full. Tried again at"],
    ["not sent", "lost", false, saved, "unsent", "kept in this tab"],
    ["saved, all of it, though nobody answers", "lost", true, saved, "saved", "In the file"],
  ] as const)("%s", ([, connection, isAccepted, state, expected, detail]) => {
    const standing = standingOf({ connection, isAccepted, saved: state });
    expect(standing.state).toBe(expected);
    expect(standing.detail).toContain(detail);
  });
});

function kept() {
  const sent: EditCommand[] = [];
  const said: string[] = [];
  const model = new DocumentModel({ send: (command) => sent.push(command) });
  const banners = new Banners();
  const history = vi.fn();
  const keeping = new Keeping({
    model,
    banners,
    path: () => "a.md",
    say: (text) => said.push(text),
    history,
  });
  onTestFinished(() => keeping.dispose());
  const opened = (recovered?: number) => {
    const notice = {
      type: "document",
      content: workbookWith("one"),
      epoch: "e",
      revision: 1,
      ...(recovered !== undefined && { recovered }),
    } as const;
    model.hear(notice);
    keeping.opened(notice);
  };
  opened();
  keeping.connection("open");
  const says = (save: SaveState) => model.hear({ type: "save", save });
  const type = () => model.type("a", ChangeSet.of({ from: 0, insert: "x" }, 3));
  const accept = () => {
    const { edits } = sent.findLast((command) => command.type === "edit")!;
    model.hear({ type: "edited", edits: edits.map((edit, at) => ({ ...edit, revision: 2 + at })) });
  };
  return { model, banners, history, keeping, sent, said, opened, says, type, accept };
}

const buttons = (banners: Banners) => [...banners.element.querySelectorAll("button")];

describe("saving at once", () => {
  test("says when all is in the file already", () => {
    const { keeping, says, said, sent } = kept();
    says(saved);
    keeping.save();
    expect(said).toEqual([`Everything is in the file since ${clock(0)}`]);
    // What was deleted meanwhile is made again.
    expect(sent).toEqual([{ type: "save" }]);
  });

  test("asks once what was typed is accepted, and says how it went", () => {
    const { keeping, says, said, sent, type, accept } = kept();
    says(saved);
    type();
    keeping.save();
    expect(sent.map((command) => command.type)).toEqual(["edit"]);
    accept();
    expect(sent.map((command) => command.type)).toEqual(["edit", "save"]);
    expect(said).toEqual([]);
    says({ state: "saved", revision: 2, time: 5 });
    expect(said).toEqual(["Saved"]);
  });

  test("says that it failed once more, and not before it is known", () => {
    const { keeping, says, said } = kept();
    says(full);
    keeping.save();
    expect(said).toEqual([]);
    says({ ...full });
    expect(said[0]).toContain("the disk is full");
  });

  test("without a connection says where the edits are", () => {
    const { keeping, said, sent } = kept();
    keeping.connection("lost");
    keeping.save();
    expect(said[0]).toContain("kept in this tab");
    expect(sent).toEqual([]);
  });
});

describe("a file that cannot be written", () => {
  test("is told with where the edits are, in a message that stays as it is until it can", () => {
    const { banners, says, sent } = kept();
    says(full);
    const shown = banners.element.firstElementChild;
    expect(shown?.textContent).toContain("the disk is full. What you write is kept here");
    says({ ...full, revision: 3, retry: 90_000 });
    expect(banners.element.firstElementChild).toBe(shown);
    buttons(banners)[0]!.click();
    expect(sent).toEqual([{ type: "save" }]);
    says(saved);
    expect(banners.element.children).toHaveLength(0);
  });

  test("nor the journal: only memory has the edits, and the tab asks before it goes", () => {
    const { banners, says } = kept();
    says({ ...full, unjournaled: true });
    expect(banners.element.textContent).toContain("only in this tab and in Simile's memory");
    const event = new Event("beforeunload", { cancelable: true });
    dispatchEvent(event);
    expect(event.defaultPrevented).toBe(true);
  });

  test("leaves a copy to be downloaded, as the file would be", async () => {
    const { banners, says, model } = kept();
    says(full);
    model.edit("title", [{ type: "matter", key: "title", value: "T" }]);
    let blob: Blob | undefined;
    vi.spyOn(URL, "createObjectURL").mockImplementation((made) => {
      blob = made as Blob;
      return "blob:copy";
    });
    buttons(banners)
      .find(({ textContent }) => textContent === "Download a copy")!
      .click();
    expect(await blob!.text()).toBe("---\ntitle: T\n---\n\n```ts {#a}\none\n```\n");
  });
});

describe("a file", () => {
  test("that is gone is said to be, with what helps; one that is back is not", () => {
    const { keeping, banners, sent } = kept();
    keeping.file({ type: "file", problem: "Cannot open a.md: there is no such file", gone: true });
    expect(banners.element.textContent).toContain("All of it is still here");
    const names = buttons(banners).map(({ textContent }) => textContent);
    expect(names).toEqual(["Save again here", "Save a copy as …", "Download a copy"]);
    buttons(banners)[0]!.click();
    expect(sent).toEqual([{ type: "save" }]);
    expect(banners.element.children).toHaveLength(0);
  });

  test("that cannot be read says why", () => {
    const { keeping, banners } = kept();
    keeping.file({ type: "file", problem: "Cannot open a.md: it is not UTF-8 text" });
    expect(banners.element.textContent).toContain("it is not UTF-8 text");
    keeping.file({ type: "file" });
    expect(banners.element.children).toHaveLength(0);
  });
});

test("a tab with edits that nobody else has asks before it goes, and no other", () => {
  const { type, accept } = kept();
  const leave = () => {
    const event = new Event("beforeunload", { cancelable: true });
    dispatchEvent(event);
    return event.defaultPrevented;
  };
  expect(leave()).toBe(false);
  type();
  expect(leave()).toBe(true);
  accept();
  expect(leave()).toBe(false);
});

test("edits that were found again are told once, with the way to the history", () => {
  const { opened, banners, history } = kept();
  opened(3);
  expect(banners.element.textContent).toContain("3 edits that were not in the file were found");
  buttons(banners)
    .find(({ textContent }) => textContent === "History")!
    .click();
  expect(history).toHaveBeenCalledOnce();
  buttons(banners)[0]!.click();
  opened(3);
  expect(banners.element.children).toHaveLength(0);
  opened(1);
  expect(banners.element.textContent).toContain("1 edit that was not in the file was found");
});
