import { compareDocuments, type Document, type DocumentChange, readDocument } from "./document.ts";
import { type WorkbookFile, WorkbookFileError, type WorkbookFolder } from "./folder.ts";
import { FileWatch } from "./watch.ts";

/** How long an emptied file is given to be filled again. */
const fillMilliseconds = 300;

/** Who hears what happens to an open workbook's file. */
export interface WorkbookListener {
  /** The document is another one. */
  changed(change: DocumentChange): void;
  /** What is wrong with the file is another thing, or nothing. */
  problem(): void;
}

/** A workbook as it is on disk now, followed through edits. When its file cannot be read, as it last was. */
export class OpenWorkbook {
  readonly #folder: WorkbookFolder;
  #file: WorkbookFile;
  #document: Document;
  #problem: string | undefined;
  #watch: FileWatch | undefined;
  #reading: Promise<void> = Promise.resolve();

  /** @throws {WorkbookFileError} when there is no such workbook */
  static async open(path: string, folder: WorkbookFolder): Promise<OpenWorkbook> {
    const file = await folder.read(path);
    return new OpenWorkbook(folder, file, await readDocument(file));
  }

  private constructor(folder: WorkbookFolder, file: WorkbookFile, document: Document) {
    this.#folder = folder;
    this.#file = file;
    this.#document = document;
  }

  get file(): WorkbookFile {
    return this.#file;
  }

  get document(): Document {
    return this.#document;
  }

  /** What is wrong with the file on disk; the document is then the last good one. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Follows the file from now on, and what happened to it since it was opened. */
  follow(listener: WorkbookListener): void {
    const reread = () => {
      // One reading at a time; the file may change again while it is read.
      this.#reading = this.#reading.then(() => this.#reread(listener));
    };
    this.#watch = new FileWatch(this.#file.file, reread);
    reread();
  }

  close(): void {
    this.#watch?.close();
  }

  async #reread(listener: WorkbookListener): Promise<void> {
    try {
      const file = await this.#read();
      if (this.#problem !== undefined) {
        this.#problem = undefined;
        listener.problem();
      }
      if (file.text === this.#file.text) return;
      const document = await readDocument(file, this.#document);
      const change = compareDocuments(this.#document, document);
      this.#file = file;
      this.#document = document;
      listener.changed(change);
    } catch (error) {
      this.#problem = (error as Error).message;
      listener.problem();
    }
  }

  async #read(): Promise<WorkbookFile> {
    const { path, file, text } = this.#file;
    let found = await this.#folder.read(path);
    if (found.text === "" && text !== "") {
      // Editors that save in place empty the file first.
      await new Promise((resolve) => setTimeout(resolve, fillMilliseconds));
      found = await this.#folder.read(path);
    }
    if (found.file === file) return found;
    throw new WorkbookFileError(`Cannot show ${path}: it now is a link to another file`);
  }
}
