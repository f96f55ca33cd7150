import { unlink } from "node:fs/promises";
import { basename, extname } from "node:path";
import { formatOf, parseWorkbook, whyNoWorkbook } from "../../src/workbook/index.ts";
import { EditJournal } from "../editing/edit-journal.ts";
import { History } from "../editing/history.ts";
import { type WorkbookFile, WorkbookFileError, type WorkbookFolder } from "./folder.ts";
import type { MovedPaths } from "./moved-paths.ts";
import { freeCopy, moveNew, newWorkbookText, writeNew } from "./new-workbook.ts";
import type { Trash } from "./trash.ts";
import type { Trust } from "./trust.ts";

/** An open workbook, of which the shelf must know before it does something to its file. */
export interface Opened {
  /** The document as it is in its pages, as its file would be. */
  readonly text: string;
  /** Writes what is unsaved. */
  save(): Promise<void>;
  /** Holds back what reads and writes the file while `move` gives it another path, and follows it there. */
  relocate(move: () => Promise<WorkbookFile>): Promise<void>;
}

/** What the shelf works with. */
export interface ShelfParts {
  readonly folder: WorkbookFolder;
  /** Folder for what Simile remembers of a person. */
  readonly state: string;
  readonly trash: Trash;
  /** What the person made here is theirs: a new workbook, which has no code, may be run as it grows. */
  readonly trust: Pick<Trust, "add">;
  readonly moved: MovedPaths;
  /** The open workbook of a file, if it is open. */
  readonly opened: (file: string) => Promise<Opened | undefined>;
}

/**
 * What a person does with workbooks as files: none is ever overwritten, one that is deleted can be had
 * back, one that is open is saved first and followed. Methods answer the path that the workbook has then.
 */
export class Shelf {
  readonly #parts: ShelfParts;

  constructor(parts: ShelfParts) {
    this.#parts = parts;
  }

  /** @throws {WorkbookFileError} when it cannot be, with the sentence for the person */
  async create(path: string, title: string = basename(path, extname(path))): Promise<string> {
    const text = newWorkbookText(path, title.replace(/\s+/g, " ").trim());
    const file = await this.#write(path, text);
    // One that cannot be remembered is asked about when it is opened.
    await this.#parts.trust.add(file, text).catch(() => {});
    return path;
  }

  /**
   * A new workbook of a text.
   *
   * @throws {WorkbookFileError} when it cannot be, or the text is no workbook
   */
  async add(path: string, text: string): Promise<string> {
    await this.#folder.place(path);
    const why = whyNoWorkbook(path, text);
    if (why !== undefined) throw new WorkbookFileError(`Cannot make ${path}: ${why}`);
    await this.#write(path, text);
    return path;
  }

  /** @throws {WorkbookFileError} when it cannot be, with the sentence for the person */
  async duplicate(path: string, to?: string): Promise<string> {
    // One that is open is copied as it is in its pages, though its file be gone or cannot be written.
    const file = await this.#folder.locate(path).catch(() => this.#folder.place(path));
    const opened = await this.#parts.opened(file);
    await opened?.save();
    const { text } = opened ?? (await this.#folder.read(path));
    const copy = to ?? (await freeCopy(this.#folder, path));
    this.#checkFormat(path, copy);
    await this.#write(copy, text);
    return copy;
  }

  /** @throws {WorkbookFileError} when it cannot be, with the sentence for the person */
  async rename(path: string, to: string): Promise<string> {
    this.#checkFormat(path, to);
    const from = await this.#folder.locate(path);
    const move = async () => {
      await moveNew(to, from, await this.#folder.place(to));
      return this.#folder.read(to);
    };
    const opened = await this.#parts.opened(from);
    await opened?.save();
    if (opened) await opened.relocate(move);
    else await this.#moveKept(from, (await move()).file);
    // A tab that is away comes to the new path; without this it is told that there is no such file.
    await this.#parts.moved.add(path, to).catch(() => {});
    return to;
  }

  /**
   * Deletes a workbook; it is in the trash before it is gone.
   *
   * @returns its name there
   * @throws {WorkbookFileError} when it cannot be, with the sentence for the person
   */
  async delete(path: string): Promise<string> {
    const opened = await this.#parts.opened(await this.#folder.locate(path));
    await opened?.save();
    const { file, text: inFile } = await this.#folder.read(path);
    // What could not be saved is not to be lost with the file.
    const text = opened?.text ?? inFile;
    const title = parseWorkbook(path, text).title || basename(path, extname(path));
    const name = await this.#parts.trash.put({ path, title, text, time: Date.now() });
    await unlink(file).catch((error: NodeJS.ErrnoException) => {
      throw new WorkbookFileError(`Cannot delete ${path}: ${error.code ?? error.message}`);
    });
    return name;
  }

  /**
   * Puts a deleted workbook back where it was, or beside what is there now.
   *
   * @throws {WorkbookFileError} when it cannot be, with the sentence for the person
   */
  async restore(name: string): Promise<string> {
    const { path, text } = await this.#parts.trash.get(name);
    const isFree = await this.#folder.place(path).then(
      () => true,
      () => false,
    );
    const back = isFree ? path : await freeCopy(this.#folder, path);
    await writeNew(back, await this.#folder.place(back), text);
    await this.#parts.trash.remove(name);
    return back;
  }

  /** What is unsaved of a workbook that is not open, and what it was before, go with its file. */
  async #moveKept(from: string, to: string): Promise<void> {
    const { state } = this.#parts;
    const [journal, history] = [`${state}/journals`, `${state}/history`];
    await new EditJournal(journal, from).move(new EditJournal(journal, to));
    await new History(history, from).move(new History(history, to));
  }

  /** Writes a workbook that is not there yet. What is unsaved of an earlier one there is not of this one. */
  async #write(path: string, text: string): Promise<string> {
    const file = await this.#folder.place(path);
    await writeNew(path, file, text);
    await new EditJournal(`${this.#parts.state}/journals`, file).setAside();
    return file;
  }

  get #folder(): WorkbookFolder {
    return this.#parts.folder;
  }

  /** Another ending would be another format, in which the same text says something else. */
  #checkFormat(path: string, to: string): void {
    const [was, is] = [formatOf(path)?.extension, formatOf(to)?.extension];
    if (is === undefined || was === is) return;
    throw new WorkbookFileError(
      `Cannot make ${to} of ${path}: expected a name that ends in ${was}`,
    );
  }
}
