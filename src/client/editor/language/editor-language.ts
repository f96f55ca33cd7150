import { type Extension, Prec } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { replaceInCells } from "../../../editing/index.ts";
import type { CellDefinition, Definition, UnsavedCell } from "../../../protocol/index.ts";
import type { CellEditor } from "../cell-editor.ts";
import type { OpenDocument } from "../open-document.ts";
import type { CodeCellParts } from "./code-cell.ts";
import { completion, isCompleting } from "./completion.ts";
import { Diagnostics } from "./diagnostics.ts";
import { closeDescribed, describeAt, hover } from "./hover.ts";
import { LanguageService } from "./language-service.ts";
import { openRenameDialog } from "./rename-dialog.ts";
import { closeSignature, signature } from "./signature.ts";
import { awaited, leaveWaiting, waiting } from "./waiting.ts";

/** What the language features need of the page. */
export interface EditorLanguageParts {
  /** Path of the workbook under the root. */
  workbook(): string;
  readonly document: OpenDocument;
  /** A cell as the server knows it. */
  definition(id: string): CellDefinition | undefined;
  editor(id: string): CellEditor | undefined;
  /** Opens a cell at an offset of its text. */
  visit(id: string, offset: number): void;
  /** Shows a word for a moment, and reads it aloud. */
  say(text: string): void;
}

/** What the language service knows, in the editors of a workbook's code cells. */
export class EditorLanguage {
  readonly #parts: EditorLanguageParts;
  readonly #service: LanguageService;
  /** What TypeScript finds wrong. */
  readonly diagnostics: Diagnostics;

  constructor(parts: EditorLanguageParts) {
    this.#parts = parts;
    this.#service = new LanguageService({
      workbook: () => parts.workbook(),
      unsaved: () => this.#unsaved(),
    });
    this.diagnostics = new Diagnostics({
      service: this.#service,
      cells: () => parts.document.content.cells.filter(({ kind }) => kind !== "prose"),
    });
  }

  /** What the editor of a code cell can do beside writing. */
  code(id: string): Extension {
    const cell = this.#cell(id);
    return [
      completion(cell),
      hover(cell),
      signature(cell),
      waiting,
      this.diagnostics.of(id),
      // Before Escape leaves the cell, it closes what lies over the text.
      Prec.highest(
        EditorView.domEventHandlers({
          keydown: ({ key }, view) =>
            key === "Escape" &&
            !isCompleting(view) &&
            (leaveWaiting(view) || closeDescribed(view) || closeSignature(view)),
          mousedown: (event, view) => {
            const isMeant = event.button === 0 && (event.ctrlKey || event.metaKey);
            const at = isMeant && !event.altKey ? view.posAtCoords(event) : null;
            if (at === null) return false;
            cell.define(at);
            event.preventDefault();
            return true;
          },
        }),
      ),
    ];
  }

  /** The document in the page is another. */
  changed(): void {
    this.diagnostics.changed();
  }

  dispose(): void {
    this.diagnostics.dispose();
  }

  /** Goes to where the name at the cursor is declared. */
  readonly define = (id: string | undefined): void => {
    const view = this.#view(id);
    if (id && view) void this.#define(id, view.state.selection.main.head);
  };

  /** Tells what the name at the cursor is. */
  readonly describe = (id: string | undefined): void => {
    const view = this.#view(id);
    if (!id || !view) return;
    const { head } = view.state.selection.main;
    void this.#await(view, head, (signal) => describeAt(view, this.#cell(id), signal)).then(
      (isThere) => {
        if (!isThere) this.#parts.say("Nothing is known of what is here");
      },
    );
  };

  /** Asks for another name for what is at the cursor, and gives it that in all cells. */
  readonly rename = (id: string | undefined): void => {
    const view = this.#view(id);
    if (id && view) void this.#rename(id, view);
  };

  async #rename(id: string, view: EditorView): Promise<void> {
    const { document, say } = this.#parts;
    const { anchor, head } = view.state.selection.main;
    const question = { type: "rename", cell: id, offset: head } as const;
    const found = await this.#await(view, head, (signal) => this.#service.ask(question, signal));
    if (found === "left") return;
    if (!found) return say("The language service does not answer");
    if ("problem" in found) return say(found.problem);
    openRenameDialog(found.name, async (to) => {
      const { content } = document;
      const answer = await this.#service.ask({ ...question, to });
      if (!answer) return "The language service does not answer";
      if ("problem" in answer) return answer.problem;
      if (document.content !== content) return "The workbook changed meanwhile: try again";
      const operations = replaceInCells(content, answer.edits);
      document.edit(`rename ${found.name} to ${to}`, operations, {
        place: { cell: id, anchor, head },
      });
      const places = `${answer.edits.length} ${answer.edits.length === 1 ? "place" : "places"}`;
      say(`${found.name} is ${to} now, in ${places}`);
      return undefined;
    });
  }

  async #define(id: string, offset: number): Promise<void> {
    const { say, visit } = this.#parts;
    const view = this.#view(id);
    if (!view) return;
    const question = { type: "define", cell: id, offset } as const;
    const found = await this.#await(view, offset, (signal) => this.#service.ask(question, signal));
    if (found === "left") return;
    if (!found) return say("The language service does not answer");
    const isHere = (one: Definition) =>
      "cell" in one && one.cell === id && one.from <= offset && offset <= one.to;
    const target = found.find((one) => !isHere(one)) ?? found[0];
    if (!target) say("No declaration is found of what is here");
    else if ("cell" in target) visit(target.cell, target.from);
    else say(`Declared in ${target.file}, line ${target.line}`);
  }

  /** Waits for an answer about a place in a cell; the first has TypeScript read all there is before. */
  #await<Answer>(
    view: EditorView,
    offset: number,
    ask: (signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer | "left"> {
    // Where Escape is heard.
    view.focus();
    const text = this.#service.hasAnswered ? "Looking …" : "Types are being prepared …";
    return awaited(view, offset, text, ask);
  }

  #cell(id: string): CodeCellParts {
    const { document } = this.#parts;
    const define = (offset: number) => void this.#define(id, offset);
    return { id, document, service: this.#service, define };
  }

  #view(id: string | undefined): EditorView | undefined {
    return id === undefined ? undefined : this.#parts.editor(id)?.view;
  }

  #unsaved(): readonly UnsavedCell[] {
    return this.#parts.document.content.cells.flatMap(({ id, kind, source }) => {
      const known = this.#parts.definition(id);
      if (kind === "prose" || (known?.kind === kind && known.source === source)) return [];
      return [{ id, kind, source }];
    });
  }
}
