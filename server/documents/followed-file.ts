import { lstat } from "node:fs/promises";
import type { WriteWorkbook } from "../editing/write-workbook.ts";
import { type WorkbookFile, WorkbookFileError, type WorkbookFolder } from "./folder.ts";
import { FileWatch } from "./watch.ts";

/** How long an emptied file is given to be filled again. */
const fillMilliseconds = 300;

/** The file of an open workbook: as it was read or written last, and what is wrong with it now. */
export class FollowedFile {
  readonly #folder: WorkbookFolder;
  readonly #write: WriteWorkbook;
  readonly #told: () => void;
  #known: WorkbookFile;
  #problem: string | undefined;
  #isGone = false;
  #watch: FileWatch | undefined;

  /** @param told hears that what is wrong with the file is another thing, or nothing */
  constructor(folder: WorkbookFolder, file: WorkbookFile, write: WriteWorkbook, told: () => void) {
    this.#folder = folder;
    this.#known = file;
    this.#write = write;
    this.#told = told;
  }

  /** The file as it is known. */
  get known(): WorkbookFile {
    return this.#known;
  }

  /** What is wrong with the file on disk. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Whether there is no such file any more. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Whether it was deleted, by what is on disk now. */
  async isMissing(): Promise<boolean> {
    return this.#problem !== undefined && !(await isThere(this.#known.file));
  }

  /** Calls `changed` now, and whenever something may have happened to it. */
  follow(changed: () => void): void {
    this.#watch = new FileWatch(this.#known.file, changed);
    changed();
  }

  /** Ends that. */
  close(): void {
    this.#watch?.close();
  }

  /** The file as it is on disk; undefined when it cannot be read, which is told. */
  async read(): Promise<WorkbookFile | undefined> {
    let found: WorkbookFile;
    try {
      found = await this.#filled();
    } catch (error) {
      const problem = (error as Error).message;
      const isGone = !(await isThere(this.#known.file));
      if (problem === this.#problem && isGone === this.#isGone) return undefined;
      this.#problem = problem;
      this.#isGone = isGone;
      this.#told();
      return undefined;
    }
    this.#forgive();
    return found;
  }

  /** What was read, or the file under another path, is known from now on. */
  take(file: WorkbookFile): void {
    this.#known = file;
  }

  /**
   * @throws {FileChangedError} when it holds something else than is known
   * @throws {Error} with the sentence for the person
   */
  async write(text: string): Promise<void> {
    const held = (await this.isMissing()) ? undefined : this.#known.text;
    await this.#write(this.#known.file, text, held);
    this.#known = { ...this.#known, text };
    this.#forgive();
  }

  async #filled(): Promise<WorkbookFile> {
    const { path, file, text } = this.#known;
    let found = await this.#folder.read(path);
    if (found.text === "" && text !== "") {
      // Editors that save in place empty the file first.
      await new Promise((resolve) => setTimeout(resolve, fillMilliseconds));
      found = await this.#folder.read(path);
    }
    if (found.file === file) return found;
    throw new WorkbookFileError(`Cannot show ${path}: it now is a link to another file`);
  }

  /** Nothing is wrong with the file any more. */
  #forgive(): void {
    if (this.#problem === undefined) return;
    this.#problem = undefined;
    this.#isGone = false;
    this.#told();
  }
}

async function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}
