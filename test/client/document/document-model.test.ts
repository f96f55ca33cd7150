import { ChangeSet, Text } from "@codemirror/state";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Revisions } from "../../../server/editing/revisions.ts";
import { DocumentModel, type ModelChange } from "../../../src/client/document/index.ts";
import { deleteCells, insertCells, splitCell } from "../../../src/editing/index.ts";
import type { EditCommand, EditedWorkbook } from "../../../src/protocol/index.ts";
import {
  choices,
  chosenOperation,
  orderOf,
  sources,
  workbookWith,
} from "../../support/edited-workbooks.ts";

/** A server's sequence, and the commands and notices under way, which a test delivers when it likes. */
function room(content: EditedWorkbook) {
  const revisions = new Revisions(content);
  const tabs: Tab[] = [];
  return {
    revisions,
    tabs,
    join: (storage?: { text: string | null }) => new Tab(revisions, tabs, storage),
  };
}

class Tab {
  readonly model: DocumentModel;
  readonly changes: ModelChange[] = [];
  readonly up: EditCommand[] = [];
  readonly down: Parameters<DocumentModel["hear"]>[0][] = [];
  readonly client: string;
  readonly #revisions: Revisions;
  readonly #tabs: Tab[];

  constructor(revisions: Revisions, tabs: Tab[], storage?: { text: string | null }) {
    this.#revisions = revisions;
    this.#tabs = tabs;
    this.client = `tab ${tabs.length}`;
    this.model = new DocumentModel({
      send: (command) => this.up.push(command),
      now: () => 0,
      ...(storage && {
        storage: {
          load: () => storage.text,
          store: (text) => {
            storage.text = text;
          },
        },
      }),
    });
    this.model.onChange((change) => this.changes.push(change));
    tabs.push(this);
    this.connect();
  }

  connect(): void {
    const { content, epoch, revision } = this.#revisions;
    const missed = this.model.name && this.#revisions.since(this.model.name);
    this.up.length = 0;
    this.down.length = 0;
    this.down.push({ type: "document", content, epoch, revision, ...(missed && { missed }) });
  }

  /** The server takes this tab's next command. */
  sendOne(): boolean {
    const command = this.up.shift();
    if (command?.type !== "edit") return command !== undefined;
    const acceptance = this.#revisions.accept(command.base, command.edits, this.client);
    if ("outdated" in acceptance) {
      this.down.push({ type: "outdated", revision: acceptance.outdated });
    } else
      for (const tab of this.#tabs) tab.down.push({ type: "edited", edits: acceptance.accepted });
    return true;
  }

  /** This tab hears its next notice. */
  hearOne(): boolean {
    const notice = this.down.shift();
    if (notice) this.model.hear(JSON.parse(JSON.stringify(notice)));
    return notice !== undefined;
  }
}

function settle(tabs: readonly Tab[]): void {
  while (tabs.map((tab) => tab.sendOne() || tab.hearOne()).some(Boolean));
}

const typing = (model: DocumentModel, cell: string, at: number, insert: string) => {
  const { length } = model.cell(cell)!.source;
  model.type(cell, ChangeSet.of({ from: at, insert }, length));
};

const texts = (model: DocumentModel) => model.content.cells.map(({ source }) => source);

function opened(...content: string[]) {
  const { join, revisions, tabs } = room(workbookWith(...content));
  const [one, two] = [join(), join()];
  settle(tabs);
  return { one, two, revisions, tabs, join };
}

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
    one.model.save();
    one.model.resolve("mine", "a");
    expect(one.up).toEqual([{ type: "save" }, { type: "resolve", cell: "a", keep: "mine" }]);
  });

  test("one is under way, however much is typed; what waits is one edit", () => {
    const { one, revisions, tabs } = opened("");
    for (const [index, letter] of [..."letters"].entries()) typing(one.model, "a", index, letter);
    expect(one.up).toHaveLength(1);
    settle(tabs);
    expect(revisions.revision).toBe(2);
    expect(revisions.content.cells[0]!.source).toBe("letters");
  });

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
