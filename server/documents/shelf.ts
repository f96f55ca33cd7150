import { unlink } from "node:fs/promises";
import { basename, extname } from "node:path";
import { formatOf, parseWorkbook, whyNoWorkbook } from "../../src/workbook/index.ts";
import { type WorkbookFile, WorkbookFileError, type WorkbookFolder } from "./folder.ts";
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

/**
 * What a person does with workbooks as files: none is ever overwritten, one that is deleted can be had
 * back, one that is open is saved first and followed. Methods answer the path that the workbook has then.
 */
export class Shelf {
  readonly #folder: WorkbookFolder;
  readonly #trash: Trash;
  readonly #trust: Pick<Trust, "add">;
  readonly #opened: (file: string) => Promise<Opened | undefined>;

  /**
   * @param trust what the person made here is theirs: a new workbook, which has no code, may be run as it grows
   * @param opened the open workbook of a file, if it is open
   */
  constructor(
    folder: WorkbookFolder,
    trash: Trash,
    trust: Pick<Trust, "add">,
    opened: (file: string) => Promise<Opened | undefined>,
  ) {
    this.#folder = folder;
    this.#trash = trash;
    this.#trust = trust;
    this.#opened = opened;
  }

  /** @throws {WorkbookFileError} when it cannot be, with the sentence for the person */
  async create(path: string, title: string = basename(path, extname(path))): Promise<string> {
    const file = await this.#folder.place(path);
    const text = newWorkbookText(path, title.replace(/\s+/g, " ").trim());
    await writeNew(path, file, text);
    // One that cannot be remembered is asked about when it is opened.
    await this.#trust.add(file, text).catch(() => {});
    return path;
  }

  /**
   * A new workbook of a text.
   *
   * @throws {WorkbookFileError} when it cannot be, or the text is no workbook
   */
  async add(path: string, text: string): Promise<string> {
    const file = await this.#folder.place(path);
    const why = whyNoWorkbook(path, text);
    if (why !== undefined) throw new WorkbookFileError(`Cannot make ${path}: ${why}`);
    await writeNew(path, file, text);
    return path;
  }

  /** @throws {WorkbookFileError} when it cannot be, with the sentence for the person */
  async duplicate(path: string, to?: string): Promise<string> {
    // One that is open is copied as it is in its pages, though its file be gone or cannot be written.
    const file = await this.#folder.locate(path).catch(() => this.#folder.place(path));
    const opened = await this.#opened(file);
    await opened?.save();
    const { text } = opened ?? (await this.#folder.read(path));
    const copy = to ?? (await freeCopy(this.#folder, path));
    this.#checkFormat(path, copy);
    await writeNew(copy, await this.#folder.place(copy), text);
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
    const opened = await this.#opened(from);
    await opened?.save();
    if (opened) await opened.relocate(move);
    else await move();
    return to;
  }

  /**
   * Deletes a workbook; it is in the trash before it is gone.
   *
   * @returns its name there
   * @throws {WorkbookFileError} when it cannot be, with the sentence for the person
   */
  async delete(path: string): Promise<string> {
    await this.#save(path);
    const { file, text } = await this.#folder.read(path);
    const title = parseWorkbook(path, text).title || basename(path, extname(path));
    const name = await this.#trash.put({ path, title, text, time: Date.now() });
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
    const { path, text } = await this.#trash.get(name);
    const isFree = await this.#folder.place(path).then(
      () => true,
      () => false,
    );
    const back = isFree ? path : await freeCopy(this.#folder, path);
    await writeNew(back, await this.#folder.place(back), text);
    await this.#trash.remove(name);
    return back;
  }

  async #save(path: string): Promise<void> {
    await (await this.#opened(await this.#folder.locate(path)))?.save();
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
