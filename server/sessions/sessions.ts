import type { RevisionName } from "../../src/protocol/index.ts";
import { MovedPaths } from "../documents/moved-paths.ts";
import type { OpenedDocument } from "../documents/routes.ts";
import type { Trust } from "../documents/trust.ts";
import type { Page } from "./page.ts";
import { Session, type SessionOptions } from "./session.ts";

/** How long a session lives on without a page, unless its kernel is still computing. */
const idleMilliseconds = 10 * 60_000;

/** How long a page whose connection broke may stay away and go on as if nothing had been. */
const resumeMilliseconds = 60_000;

export interface SessionsOptions extends SessionOptions {
  readonly idleMilliseconds?: number;
  readonly resumeMilliseconds?: number;
}

/** The open workbooks, one session for each file. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #byFile = new Map<string, Promise<Session>>();
  readonly #byKey = new Map<string, Session>();
  readonly #leaving = new Map<Session, NodeJS.Timeout>();
  readonly #away = new Map<Page, NodeJS.Timeout>();
  #closed = false;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /**
   * The session of the workbook at `path`, opened when it is not.
   *
   * @throws {WorkbookFileError} when there is no such workbook
   */
  async open(path: string): Promise<Session> {
    const file = await this.#options.folder.locate(path);
    if (this.#closed) throw new Error("Cannot open a workbook: the server is ending");
    let opening = this.#byFile.get(file);
    if (!opening) {
      opening = Session.open(this.#options.folder.pathOf(file), this.#options);
      this.#byFile.set(file, opening);
      opening.then(
        (session) => {
          this.#byKey.set(session.key, session);
          // Whoever asked may be gone before there was anything to join.
          if (session.pageCount === 0) this.#endLater(session);
        },
        () => this.#byFile.delete(file),
      );
    }
    return opening;
  }

  /**
   * The path at which a workbook is now: another one than a tab knows that was away while it was renamed.
   */
  async find(path: string): Promise<string> {
    const { folder, state } = this.#options;
    const isThere = await folder.locate(path).then(
      () => true,
      () => false,
    );
    return isThere ? path : ((await new MovedPaths(state, folder.root).find(path)) ?? path);
  }

  /** Folder for what Simile remembers of a person. */
  get state(): string {
    return this.#options.state;
  }

  get trust(): Trust {
    return this.#options.trust;
  }

  /** The open workbook of a file, if it is open. */
  async opened(file: string): Promise<OpenedDocument | undefined> {
    const session = await this.#byFile.get(file)?.catch(() => undefined);
    const workbook = session?.workbook;
    if (!session || !workbook) return undefined;
    return {
      content: workbook.content,
      text: workbook.text,
      history: workbook.history,
      save: () => workbook.save(),
      relocate: async (move) => {
        await workbook.relocate(move);
        this.#byFile.delete(file);
        this.#byFile.set(session.file, Promise.resolve(session));
      },
    };
  }

  /** The session that addresses of values name by `key`. */
  withKey(key: string): Session | undefined {
    return this.#byKey.get(key);
  }

  join(session: Session, page: Page, known?: RevisionName): void {
    clearTimeout(this.#leaving.get(session));
    this.#leaving.delete(session);
    session.join(page, known);
  }

  leave(session: Session, page: Page): void {
    this.stay(page);
    session.leave(page);
    if (session.pageCount === 0) this.#endLater(session);
  }

  /** The page's connection broke: it leaves unless it is back soon. */
  leaveLater(session: Session, page: Page): void {
    const timer = setTimeout(
      () => this.leave(session, page),
      this.#options.resumeMilliseconds ?? resumeMilliseconds,
    );
    timer.unref();
    this.#away.set(page, timer);
  }

  /** The page is back. */
  stay(page: Page): void {
    clearTimeout(this.#away.get(page));
    this.#away.delete(page);
  }

  /** Ends every session and its kernel. */
  async close(): Promise<void> {
    this.#closed = true;
    const sessions = await Promise.allSettled(this.#byFile.values());
    for (const timer of [...this.#leaving.values(), ...this.#away.values()]) clearTimeout(timer);
    await Promise.all(
      sessions.map((opened) => (opened.status === "fulfilled" ? opened.value.close() : undefined)),
    );
  }

  #endLater(session: Session): void {
    const timer = setTimeout(() => {
      if (session.pageCount > 0) return;
      if (session.busy) return this.#endLater(session);
      this.#leaving.delete(session);
      this.#byKey.delete(session.key);
      this.#byFile.delete(session.file);
      void session.close();
    }, this.#options.idleMilliseconds ?? idleMilliseconds);
    timer.unref();
    clearTimeout(this.#leaving.get(session));
    this.#leaving.set(session, timer);
  }
}
