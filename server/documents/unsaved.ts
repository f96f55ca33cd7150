import { rm } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { workbookOf } from "../../src/editing/index.ts";
import type { UnsavedList } from "../../src/protocol/index.ts";
import { serialiseWorkbook } from "../../src/workbook/index.ts";
import { type LeftJournal, leftJournals } from "../editing/left-journals.ts";
import { isInside, WorkbookFileError, type WorkbookFolder } from "./folder.ts";
import { freeCopy, writeNew } from "./new-workbook.ts";
import type { Trash } from "./trash.ts";

/** What was edited in a served folder and is in no file: a server was killed, or could not write. */
export class Unsaved {
  readonly #state: string;
  readonly #folder: WorkbookFolder;
  readonly #trash: Trash;
  readonly #isOpen: (file: string) => Promise<boolean>;

  /** @param isOpen whether a workbook is open: what is unsaved of it, its pages say */
  constructor(
    state: string,
    folder: WorkbookFolder,
    trash: Trash,
    isOpen: (file: string) => Promise<boolean> = async () => false,
  ) {
    this.#state = state;
    this.#folder = folder;
    this.#trash = trash;
    this.#isOpen = isOpen;
  }

  async list(): Promise<UnsavedList> {
    const journals = await this.#journals();
    return {
      unsaved: journals.map((journal) => {
        const { name, edits, time } = journal;
        const opens = journal.isFirst && !journal.gone;
        return { journal: name, path: this.#folder.pathOf(journal.document), edits, time, opens };
      }),
    };
  }

  /**
   * Makes a workbook of what was unsaved: where it was, or beside what is there now.
   *
   * @throws {WorkbookFileError} when it cannot be, with the sentence for the person
   */
  async recover(name: string): Promise<string> {
    const journal = await this.#get(name);
    const path = this.#folder.pathOf(journal.document);
    const isFree = await this.#folder.place(path).then(
      () => true,
      () => false,
    );
    const back = isFree ? path : await freeCopy(this.#folder, path);
    await writeNew(back, await this.#folder.place(back), textOf(path, journal));
    await this.#remove(name);
    return back;
  }

  /**
   * Puts what was unsaved into the trash.
   *
   * @returns its name there
   * @throws {WorkbookFileError} when there is none of that name
   */
  async discard(name: string): Promise<string> {
    const journal = await this.#get(name);
    const path = this.#folder.pathOf(journal.document);
    const title = workbookOf(journal.content).title || basename(path, extname(path));
    const text = textOf(path, journal);
    const trashed = await this.#trash.put({ path, title, text, time: Date.now() });
    await this.#remove(name);
    return trashed;
  }

  async #get(name: string): Promise<LeftJournal> {
    const journal = (await this.#journals()).find((left) => left.name === name);
    if (!journal) throw new WorkbookFileError(`Cannot recover ${name}: nothing of it is unsaved`);
    return journal;
  }

  async #journals(): Promise<LeftJournal[]> {
    const here: LeftJournal[] = [];
    for (const journal of await leftJournals(this.#state)) {
      const { document, isFirst, isOurs } = journal;
      if (!isInside(this.#folder.root, document)) continue;
      if (!(isFirst || isOurs) || !(await this.#isOpen(document))) here.push(journal);
    }
    return here;
  }

  #remove(name: string): Promise<void> {
    return rm(join(this.#state, "journals", name), { force: true });
  }
}

function textOf(path: string, { content }: LeftJournal): string {
  return serialiseWorkbook(path, workbookOf(content));
}
