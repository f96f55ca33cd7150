import type { PageNotice, SaveState } from "../../protocol/index.ts";
import type { BannerAction, Banners } from "../banners.ts";
import type { DocumentModel } from "../document/index.ts";
import { button } from "../element.ts";
import type { Connection } from "../session.ts";
import { openCopyDialog } from "./copy-dialog.ts";
import { downloadCopy } from "./download.ts";
import { clock, standingOf } from "./standing.ts";

/** What of the page keeping speaks to. */
export interface KeepingParts {
  readonly model: DocumentModel;
  readonly banners: Banners;
  /** Path of the workbook. */
  path(): string;
  /** Shows a word for a moment, and reads it aloud. */
  say(text: string): void;
  /** Shows what the workbook was. */
  history(): void;
}

type Told<Type extends PageNotice["type"]> = Extract<PageNotice, { type: Type }>;

/**
 * How far what is written is kept, as the person sees it: a word in the top bar, a message when something
 * hinders, a question before a tab goes with what was not sent.
 */
export class Keeping {
  /** The word in the top bar; a press saves at once. */
  readonly element: HTMLButtonElement;
  readonly #parts: KeepingParts;
  readonly #ends: () => void;
  #connection: Connection = "connecting";
  /** Set while the person who asked to save has not been told how that went: what was known then. */
  #asked: { readonly saved: SaveState | undefined } | undefined;
  /** Reason that is shown. */
  #reason: string | undefined;
  #file: Told<"file"> = { type: "file" };
  /** The recovery that was told last. */
  #recovery = "";

  constructor(parts: KeepingParts) {
    this.#parts = parts;
    this.element = button("", () => this.save(), { class: "chip save-chip", hidden: true });
    this.#ends = parts.model.onChange(() => this.#show());
    addEventListener("beforeunload", this.#onLeave);
  }

  dispose(): void {
    this.#ends();
    removeEventListener("beforeunload", this.#onLeave);
  }

  connection(state: Connection): void {
    this.#connection = state;
    this.#show();
  }

  /** The document as it was opened: what was found again is told, once. */
  opened({ recovered, epoch }: Told<"document">): void {
    const recovery = `${epoch} ${recovered}`;
    if (recovered === undefined || recovery === this.#recovery) return;
    this.#recovery = recovery;
    this.#tellFound(
      recovered === 1
        ? "1 edit that was not in the file was found, and is back."
        : `${recovered} edits that were not in the file were found, and are back.`,
    );
  }

  /** What a tab that is no more had not sent is here again. */
  foundLeft(): void {
    this.#tellFound(
      "What you wrote here in a tab that was closed before it could be sent was found, and is back.",
    );
  }

  #tellFound(text: string): void {
    const { banners, history } = this.#parts;
    banners.set("recovered", {
      tone: "notice",
      text,
      action: { text: "Dismiss", press: () => banners.set("recovered", undefined) },
      more: [{ text: "History", press: history }],
    });
  }

  /** What is wrong with the file on disk, with what helps when it is gone. */
  file(told: Told<"file">): void {
    this.#file = told;
    this.#showFile();
  }

  #showFile(): void {
    const { banners } = this.#parts;
    const { problem, gone } = this.#file;
    const dismiss = () => banners.set("file", undefined);
    // That nothing can be written says more.
    if (problem === undefined || this.#reason !== undefined) dismiss();
    else if (!gone) {
      const action = { text: "Dismiss", press: dismiss };
      banners.set("file", { tone: "warning", text: problem, action, more: this.#copies });
    } else {
      const again = () => {
        this.#ask();
        dismiss();
      };
      const text =
        "The file is not there any more: it was deleted, or has another name. All of it is still here.";
      const action = { text: "Save again here", press: again };
      banners.set("file", { tone: "warning", text, action, more: this.#copies });
    }
  }

  /** Saves at once, and says how that went. */
  save(): void {
    const { model, say } = this.#parts;
    if (this.#connection !== "open") {
      say("Simile does not answer: what you wrote is kept in this tab until it does");
      return;
    }
    const { saved } = model;
    if (model.isAccepted && saved?.state === "saved") {
      // A file that was deleted meanwhile is made again.
      model.save();
      say(`Everything is in the file since ${clock(saved.time)}`);
      return;
    }
    this.#ask();
  }

  #ask(): void {
    this.#asked = { saved: this.#parts.model.saved };
    this.#parts.model.save();
  }

  /** Ways to have the document elsewhere. */
  get #copies(): readonly BannerAction[] {
    const { path, model } = this.#parts;
    return [
      { text: "Save a copy as …", press: () => openCopyDialog(path()) },
      { text: "Download a copy", press: () => downloadCopy(path(), model.content) },
    ];
  }

  #show(): void {
    const { model } = this.#parts;
    const { isAccepted, saved } = model;
    const { state, word, detail } = standingOf({
      connection: this.#connection,
      isAccepted,
      saved,
    });
    this.element.hidden = state === "unknown";
    this.element.dataset["state"] = state;
    if (this.element.textContent !== word) this.element.textContent = word;
    this.element.title = state === "saved" ? `${detail}. Ctrl+S saves at once` : detail;
    this.#answer(state, detail);
    this.#warn(
      saved?.state === "failed" && model.conflicts.length === 0 ? reasonText(saved) : undefined,
    );
  }

  #answer(state: string, detail: string): void {
    const isOver = state === "saved" || state === "failed";
    if (!this.#asked || !isOver || this.#parts.model.saved === this.#asked.saved) return;
    this.#asked = undefined;
    this.#parts.say(state === "saved" ? "Saved" : detail);
  }

  /** A message that stays as it is, however often it is tried again meanwhile. */
  #warn(reason: string | undefined): void {
    if (reason === this.#reason) return;
    this.#reason = reason;
    const { banners } = this.#parts;
    const again: BannerAction = { text: "Try again", press: () => this.save() };
    banners.set(
      "saving",
      reason === undefined
        ? undefined
        : { tone: "warning", text: reason, action: again, more: this.#copies },
    );
    this.#showFile();
  }

  readonly #onLeave = (event: BeforeUnloadEvent): void => {
    const { isAccepted, saved } = this.#parts.model;
    const isInMemory = saved?.state === "failed" && saved.unjournaled === true;
    if (!isAccepted || isInMemory) event.preventDefault();
  };
}

/** Why nothing is written, and where what is written is kept meanwhile. */
function reasonText({ reason, unjournaled }: Extract<SaveState, { state: "failed" }>): string {
  const where = unjournaled
    ? "What you write is only in this tab and in Simile's memory: leave both open, or save a copy elsewhere"
    : "What you write is kept here and in Simile's journal, and goes to the file as soon as that can be";
  return `${reason}. ${where}.`;
}
