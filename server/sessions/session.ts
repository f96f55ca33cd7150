import { createHash } from "node:crypto";
import { dirname } from "node:path";
import {
  type CellDefinition,
  checkPageCommand,
  decode,
  encode,
  type KernelNotice,
  type PageCommand,
  type PageNotice,
} from "../../src/protocol/index.ts";
import { compareDocuments, type Document, readDocument } from "../documents/document.ts";
import { type WorkbookFile, WorkbookFileError, type WorkbookFolder } from "../documents/folder.ts";
import type { Trust } from "../documents/trust.ts";
import { FileWatch } from "../documents/watch.ts";
import { Journal } from "./journal.ts";
import { SessionKernel } from "./kernel.ts";
import type { Page } from "./page.ts";
import { KeptValues } from "./values.ts";

/** Results larger than this are fetched by HTTP: a socket would hold up what comes after. */
const largestInline = 256 * 1024;

/** How long an emptied file is given to be filled again. */
const fillMilliseconds = 300;

export interface SessionOptions {
  readonly folder: WorkbookFolder;
  readonly trust: Trust;
  /** Path of the kernel's script. */
  readonly kernel: string;
}

/**
 * An open workbook: its document as it is on disk now, the pages that show it, the kernel that computes
 * for it. It evaluates nothing, and asks the kernel nothing until the workbook is trusted.
 */
export class Session {
  /** Name of the session in addresses of values. */
  readonly key: string;
  readonly values: KeptValues = new KeptValues();
  readonly #options: SessionOptions;
  readonly #pages = new Set<Page>();
  readonly #kernel: SessionKernel;
  readonly #journal = new Journal();
  readonly #watch: FileWatch;
  #file: WorkbookFile;
  #document: Document;
  #trusted: boolean;
  /** What is wrong with the file on disk; the document is then the last good one. */
  #problem: string | undefined;
  #reading: Promise<void> = Promise.resolve();

  /** @throws {WorkbookFileError} when there is no such workbook */
  static async open(path: string, options: SessionOptions): Promise<Session> {
    const file = await options.folder.read(path);
    const document = await readDocument(file.text);
    return new Session(file, document, await options.trust.holds(file.file, file.text), options);
  }

  private constructor(
    file: WorkbookFile,
    document: Document,
    trusted: boolean,
    options: SessionOptions,
  ) {
    this.key = createHash("sha256").update(file.file).digest("hex").slice(0, 16);
    this.#options = options;
    this.#file = file;
    this.#document = document;
    this.#trusted = trusted;
    this.#kernel = new SessionKernel(options.kernel, {
      notice: (notice, frame) => this.#relay(notice, frame),
      state: (notice) => {
        if (notice.state === "starting" || notice.state === "none") {
          this.#journal.clear();
          this.values.clear();
        }
        this.#tell(notice);
      },
    });
    this.#kernel.setCells(document.kernelCells, dirname(file.file));
    this.#watch = new FileWatch(file.file, () => this.#reread());
    // The file may have changed since it was read, before anybody watched.
    this.#reread();
  }

  /** Real path of the workbook. */
  get file(): string {
    return this.#file.file;
  }

  get pageCount(): number {
    return this.#pages.size;
  }

  get busy(): boolean {
    return this.#kernel.busy;
  }

  /** A page opens the workbook: it is told all there is, and what went on before it came. */
  join(page: Page): void {
    this.#pages.add(page);
    const { order, cells } = this.#document;
    page.send(
      encode(
        this.#notice(
          "open",
          order.map((id) => cells.get(id)!),
          [],
        ),
      ),
    );
    page.send(encode(this.#kernel.notice));
    if (this.#problem !== undefined) page.send(encode(this.#fileNotice()));
    for (const frame of this.#journal.replay()) page.send(frame);
    this.#prepare();
  }

  leave(page: Page): void {
    this.#pages.delete(page);
    if (page.client !== undefined) this.values.forget(page.client);
  }

  /** A message of a page that has joined. */
  async receive(page: Page, bytes: Uint8Array): Promise<void> {
    try {
      await this.#obey(page, checkPageCommand(decode(bytes)), bytes);
    } catch (error) {
      page.send(refusal((error as Error).message));
    }
  }

  async close(): Promise<void> {
    this.#watch.close();
    await this.#kernel.end();
    this.values.clear();
  }

  async #obey(page: Page, command: PageCommand, bytes: Uint8Array): Promise<void> {
    if (command.type === "open") throw new Error("Cannot open a second workbook on one socket");
    if (command.type === "run") {
      await this.#trust();
      if (this.#kernel.notice.state === "died") await this.#kernel.restart();
      return;
    }
    if (command.type === "stop") return this.#kernel.stop();
    if (!this.#trusted) {
      throw new Error("Cannot run: this workbook has not been run before; run it to trust it");
    }
    if (command.type === "restart") return this.#kernel.restart();
    this.#name(page, command.client);
    const problem = this.#kernel.request(bytes);
    if (problem === undefined) return;
    page.send(refusal(`Cannot run: ${problem}`));
    page.send(encode(this.#kernel.notice));
  }

  /** A page that may evaluate asks for kernel cells next: the process starts meanwhile. */
  #prepare(): void {
    if (this.#trusted && this.#document.kernelCells.length > 0) this.#kernel.prepare();
  }

  async #trust(): Promise<void> {
    if (this.#trusted) return;
    this.#trusted = true;
    this.#tell(this.#notice("trust", [], []));
    this.#prepare();
    try {
      await this.#options.trust.add(this.#file.file, this.#file.text);
    } catch (error) {
      throw new Error(`Cannot remember that this workbook was run: ${(error as Error).message}`);
    }
  }

  /** From now on `client` is this page: a page that reconnects may be here before its old socket is gone. */
  #name(page: Page, client: string): void {
    if (page.client === client) return;
    for (const other of this.#pages) if (other.client === client) other.client = undefined;
    page.client = client;
  }

  /** Passes on what the kernel says, to whom it concerns. */
  #relay(notice: KernelNotice, frame: Uint8Array): void {
    if (notice.type !== "result") {
      this.#journal.record(notice, frame);
      const dispensable = notice.type === "log" || notice.type === "progress";
      for (const page of this.#pages) page.send(frame, dispensable);
      return;
    }
    const { client, cell, result } = notice;
    const page = [...this.#pages].find((other) => other.client === client);
    if (!page) return;
    if (frame.length <= largestInline) {
      if (!notice.unchanged) this.values.supersede(client, cell);
      page.send(frame);
      return;
    }
    this.values.keep(client, cell, result, frame);
    const href = `/value/${[this.key, cell, result].map(encodeURIComponent).join("/")}`;
    const { type, seq, ms, preview } = notice;
    const shown = typeof preview === "string" ? { preview } : {};
    page.send(encode({ type, client, seq, cell, result, ms, ...shown, href }));
  }

  /** One reading at a time; the file may change again while it is read. */
  #reread(): void {
    this.#reading = this.#reading.then(() => this.#readAgain());
  }

  async #readAgain(): Promise<void> {
    const { folder, trust } = this.#options;
    try {
      let file = await folder.read(this.#file.path);
      if (file.file !== this.#file.file) {
        throw new WorkbookFileError(`Cannot show ${file.path}: it now is a link to another file`);
      }
      if (this.#problem !== undefined) {
        this.#problem = undefined;
        this.#tell(this.#fileNotice());
      }
      if (file.text === this.#file.text) return;
      if (file.text === "") file = await this.#readWhenFilled(file);
      const document = await readDocument(file.text, this.#document);
      if (this.#trusted) await trust.add(file.file, file.text);
      else this.#trusted = await trust.holds(file.file, file.text);
      this.#replace(file, document);
    } catch (error) {
      this.#problem = (error as Error).message;
      this.#tell(this.#fileNotice());
    }
  }

  /** Editors that save in place empty the file first; an empty one is looked at twice. */
  async #readWhenFilled(file: WorkbookFile): Promise<WorkbookFile> {
    await new Promise((resolve) => setTimeout(resolve, fillMilliseconds));
    return this.#options.folder.read(file.path);
  }

  #replace(file: WorkbookFile, document: Document): void {
    const { changed, removed, kernelChanged } = compareDocuments(this.#document, document);
    this.#file = file;
    this.#document = document;
    if (kernelChanged) this.#kernel.setCells(document.kernelCells, dirname(file.file));
    this.#journal.keepOnly(new Set(document.order));
    this.#tell(this.#notice("disk", changed, removed));
  }

  #notice(
    cause: "open" | "disk" | "trust",
    changed: readonly CellDefinition[],
    removed: readonly string[],
  ): PageNotice {
    const { title, order, diagnostics } = this.#document;
    const { path } = this.#file;
    return {
      type: "workbook",
      title,
      path,
      trusted: this.#trusted,
      cause,
      order,
      changed,
      removed,
      diagnostics,
    };
  }

  #fileNotice(): PageNotice {
    return { type: "file", ...(this.#problem === undefined ? {} : { problem: this.#problem }) };
  }

  #tell(notice: PageNotice): void {
    const frame = encode(notice);
    for (const page of this.#pages) page.send(frame);
  }
}

/** A notice that what the page asked is not done, and why. */
export function refusal(message: string): Uint8Array {
  return encode({ type: "refused", message } satisfies PageNotice);
}
