import { ChangeSet } from "@codemirror/state";
import { Revisions } from "../../server/editing/revisions.ts";
import { DocumentModel, type ModelChange } from "../../src/client/document/index.ts";
import type { EditCommand, EditedWorkbook } from "../../src/protocol/index.ts";
import { workbookWith } from "./edited-workbooks.ts";

/** A server's sequence, and the commands and notices under way, which a test delivers when it likes. */
export function room(content: EditedWorkbook) {
  const revisions = new Revisions(content);
  const tabs: Tab[] = [];
  return {
    revisions,
    tabs,
    join: (storage?: { text: string | null }) => new Tab(revisions, tabs, storage),
  };
}

/** A page that has the document open. */
export class Tab {
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

/** Delivers all that is under way. */
export function settle(tabs: readonly Tab[]): void {
  while (tabs.map((tab) => tab.sendOne() || tab.hearOne()).some(Boolean));
}

/** Types into a cell. */
export const typing = (model: DocumentModel, cell: string, at: number, insert: string): void => {
  const { length } = model.cell(cell)!.source;
  model.type(cell, ChangeSet.of({ from: at, insert }, length));
};

/** The texts of the cells in a tab. */
export const texts = (model: DocumentModel): readonly string[] =>
  model.content.cells.map(({ source }) => source);

/** Two tabs that have opened a document with cells of these texts. */
export function opened(...content: string[]) {
  const { join, revisions, tabs } = room(workbookWith(...content));
  const [one, two] = [join(), join()];
  settle(tabs);
  return { one, two, revisions, tabs, join };
}
