import { createHash } from "node:crypto";
import { dirname } from "node:path";
import type { CodeCell } from "../../src/language/index.ts";
import {
  type CellDefinition,
  checkPageCommand,
  commandNumber,
  decode,
  encode,
  type KernelNotice,
  type PageCommand,
  type PageNotice,
  type RevisionName,
  type SaveState,
} from "../../src/protocol/index.ts";
import type { DocumentChange } from "../documents/document.ts";
import type { DocumentStore } from "../documents/document-file.ts";
import type { WorkbookFolder } from "../documents/folder.ts";
import { OpenWorkbook } from "../documents/open-workbook.ts";
import type { Trust } from "../documents/trust.ts";
import { Journal } from "./journal.ts";
import { SessionKernel } from "./kernel.ts";
import { documentNotice, fileNotice, refusal, workbookNotice } from "./notices.ts";
import type { Page } from "./page.ts";
import { SessionTrust } from "./session-trust.ts";
import { KeptValues } from "./values.ts";

/** Results larger than this are fetched by HTTP: a socket would hold up what comes after. */
const largestInline = 256 * 1024;

export interface SessionOptions extends DocumentStore {
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
  readonly #pages = new Set<Page>();
  readonly #kernel: SessionKernel;
  readonly #journal = new Journal();
  readonly #workbook: OpenWorkbook;
  readonly #trust: SessionTrust;

  /** @throws {WorkbookFileError} when there is no such workbook */
  static async open(path: string, options: SessionOptions): Promise<Session> {
    const workbook = await OpenWorkbook.open(path, options.folder, options);
    const { file, text } = workbook.file;
    return new Session(workbook, await options.trust.holds(file, text), options);
  }

  private constructor(workbook: OpenWorkbook, isTrusted: boolean, options: SessionOptions) {
    this.key = createHash("sha256").update(workbook.file.file).digest("hex").slice(0, 16);
    this.#workbook = workbook;
    this.#trust = new SessionTrust(workbook, options.trust, isTrusted, (message) =>
      this.#tell({ type: "refused", message }),
    );
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
    this.#kernel.setCells(workbook.document.kernelCells, dirname(workbook.file.file));
    workbook.follow({
      changed: (change, cause) => void this.#change(change, cause),
      edited: (edits) => this.#tell({ type: "edited", edits }),
      saved: (save) => this.#saved(save),
      writing: (text) => this.#trust.holdBoth(text),
      conflicts: (conflicts) => this.#tell({ type: "conflict", conflicts }),
      problem: () => this.#tell(fileNotice(workbook)),
      moved: () => this.#moved(),
    });
  }

  /** Real path of the workbook. */
  get file(): string {
    return this.#workbook.file.file;
  }

  /** Folder from which its cells import. */
  get directory(): string {
    return dirname(this.file);
  }

  /** The code cells as the document has them now, in page order. */
  get code(): readonly CodeCell[] {
    return [...this.#workbook.document.cells.values()].flatMap(({ id, kind, source }) =>
      kind === "prose" ? [] : [{ id, kind, source }],
    );
  }

  /** The document, for what is done to it from outside of its pages. */
  get workbook(): OpenWorkbook {
    return this.#workbook;
  }

  get pageCount(): number {
    return this.#pages.size;
  }

  /** Whether it may not end: it computes, or what was edited is nowhere else. */
  get busy(): boolean {
    const { saved } = this.#workbook;
    const isOnlyHere = saved.state === "failed" && saved.unjournaled === true;
    return this.#kernel.busy || isOnlyHere;
  }

  /** A page opens the workbook: it is told all there is, and what went on before it came. */
  join(page: Page, known?: RevisionName): void {
    this.#pages.add(page);
    const cells = [...this.#workbook.document.cells.values()];
    page.send(encode(documentNotice(this.#workbook, known)));
    page.send(encode(this.#definitions("open", cells)));
    page.send(encode({ type: "save", save: this.#workbook.saved } satisfies PageNotice));
    const { conflicts } = this.#workbook;
    if (conflicts.length > 0) {
      page.send(encode({ type: "conflict", conflicts } satisfies PageNotice));
    }
    page.send(encode(this.#kernel.notice));
    if (this.#workbook.problem !== undefined) page.send(encode(fileNotice(this.#workbook)));
    for (const frame of this.#journal.replay()) page.send(frame);
    this.#prepare();
  }

  /** The page of a client, as it was when its connection broke, or nobody knows yet that it did. */
  pageOf(client: string): Page | undefined {
    return [...this.#pages].find((page) => page.client === client);
  }

  leave(page: Page): void {
    this.#pages.delete(page);
    if (page.client !== undefined) this.values.forget(page.client);
  }

  /** A message of a page that has joined. */
  async receive(page: Page, bytes: Uint8Array): Promise<void> {
    let number: number | undefined;
    let command: PageCommand;
    try {
      const message = decode(bytes);
      number = commandNumber(message);
      command = checkPageCommand(message);
    } catch (error) {
      page.send(refusal((error as Error).message));
      return;
    }
    await page.obey(number, () =>
      this.#obey(page, command, bytes).catch((error: Error) => page.send(refusal(error.message))),
    );
  }

  async close(): Promise<void> {
    await Promise.all([this.#workbook.close(), this.#kernel.end()]);
    this.values.clear();
  }

  async #obey(page: Page, command: PageCommand, bytes: Uint8Array): Promise<void> {
    if (command.type === "open") throw new Error("Cannot open a second workbook on one socket");
    if (command.type === "run") {
      await this.#giveTrust();
      if (this.#kernel.notice.state === "died") await this.#kernel.restart();
      return;
    }
    if (command.type === "stop") return this.#kernel.stop();
    if (command.type === "edit") return this.#edit(page, command);
    if (command.type === "apply") return this.#workbook.apply(command.cells);
    // What is said of saving says how it went; other commands do not wait for a disk.
    if (command.type === "save") return void this.#workbook.saveAgain();
    if (command.type === "resolve") return this.#workbook.resolve(command);
    if (!this.#trust.isGiven) {
      throw new Error("Cannot run: this workbook has not been run before; run it to trust it");
    }
    if (command.type === "restart") return this.#kernel.restart();
    this.#name(page, command.client);
    const problem = this.#kernel.request(bytes);
    if (problem === undefined) return;
    page.send(refusal(`Cannot run: ${problem}`));
    page.send(encode(this.#kernel.notice));
  }

  #edit(page: Page, { base, edits }: Extract<PageCommand, { type: "edit" }>): void {
    if (page.client === undefined) {
      throw new Error("Cannot edit: the page has not said which client it is");
    }
    const acceptance = this.#workbook.accept(base, edits, page.client);
    if ("outdated" in acceptance) {
      page.send(encode({ type: "outdated", revision: acceptance.outdated } satisfies PageNotice));
    }
  }

  /** A page that may evaluate asks for kernel cells next: the process starts meanwhile. */
  #prepare(): void {
    const { kernelCells } = this.#workbook.document;
    if (this.#trust.isGiven && kernelCells.length > 0) this.#kernel.prepare();
  }

  async #giveTrust(): Promise<void> {
    if (this.#trust.isGiven) return;
    this.#trust.give();
    this.#tell(this.#definitions("trust"));
    this.#prepare();
    await this.#trust.remember();
  }

  async #change(
    { changed, removed, kernelChanged }: DocumentChange,
    cause: "disk" | "edit",
  ): Promise<void> {
    const { file, document } = this.#workbook;
    if (kernelChanged) this.#kernel.setCells(document.kernelCells, dirname(file.file));
    this.#journal.keepOnly(new Set(document.order));
    this.#tell(this.#definitions(cause, changed, removed));
    if (cause === "disk") await this.#trust.stay();
  }

  /** Cells read files beside the workbook, which may be others now. */
  #moved(): void {
    const { file, document } = this.#workbook;
    this.#kernel.setCells(document.kernelCells, dirname(file.file));
    this.#tell({ type: "moved", path: file.path });
    void this.#trust.stay();
  }

  #saved(save: SaveState): void {
    this.#tell({ type: "save", save });
    if (save.state === "saved") void this.#trust.stay();
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
    // What is told by the way is little; what is shown, and the values, are fetched.
    const { values: _, shown: __, ...rest } = notice;
    page.send(encode({ ...rest, href }));
  }

  #definitions(
    cause: "open" | "disk" | "edit" | "trust",
    changed: readonly CellDefinition[] = [],
    removed: readonly string[] = [],
  ): PageNotice {
    return workbookNotice(this.#workbook, this.#trust.isGiven, cause, changed, removed);
  }

  #tell(notice: PageNotice): void {
    const frame = encode(notice);
    for (const page of this.#pages) page.send(frame);
  }
}
