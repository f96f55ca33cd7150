import { closeBrackets, closeBracketsKeymap, completionStatus } from "@codemirror/autocomplete";
import { defaultKeymap, indentLess, indentMore } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { markdown } from "@codemirror/lang-markdown";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, selectNextOccurrence } from "@codemirror/search";
import {
  Annotation,
  type ChangeSet,
  Compartment,
  EditorState,
  type Extension,
  Prec,
} from "@codemirror/state";
import { drawSelection, EditorView, keymap, placeholder } from "@codemirror/view";
import type { EditedCell } from "../../protocol/index.ts";
import { editorLook } from "./editor-look.ts";

/** Marks changes that were made elsewhere and are only shown here. */
const elsewhere = Annotation.define<true>();

/** What an editor tells, and asks. */
export interface CellEditorOptions {
  /** The text was changed here; `before` is where the cursor was. */
  changed(changes: ChangeSet, before: { readonly anchor: number; readonly head: number }): void;
  /** The editor has the focus. */
  focused(): void;
  /** A key is pressed; true when it is taken. */
  key(event: KeyboardEvent): boolean;
  /** The cursor wants to go beyond the text. */
  beyond(direction: "up" | "down"): boolean;
  /** What else the editor of a code cell can do: completion and the like. */
  readonly code?: Extension;
}

/** The editor of one cell, as long as it is written in. */
export class CellEditor {
  readonly view: EditorView;
  readonly #language = new Compartment();
  readonly #code: Extension;
  #kind: EditedCell["kind"];

  constructor({ id, kind, source }: EditedCell, options: CellEditorOptions) {
    this.#kind = kind;
    this.#code = options.code ?? [];
    const edge = (direction: "up" | "down") => (view: EditorView) => {
      const { main } = view.state.selection;
      const line = view.state.doc.lineAt(main.head);
      const isLast = direction === "up" ? line.number === 1 : line.number === view.state.doc.lines;
      return main.empty && isLast && options.beyond(direction);
    };
    this.view = new EditorView({
      state: EditorState.create({
        doc: source,
        extensions: [
          // Lines end in \n alone: any other character that could end one is a character of its line.
          EditorState.lineSeparator.of("\n"),
          EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?/g, "\n")),
          EditorState.allowMultipleSelections.of(true),
          // With Ctrl or Cmd a press goes to where a name is declared.
          EditorView.clickAddsSelectionRange.of((event) => event.altKey),
          EditorState.tabSize.of(2),
          indentUnit.of("  "),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          highlightSelectionMatches(),
          placeholder(kind === "prose" ? "Text, in Markdown" : "TypeScript"),
          EditorView.lineWrapping,
          editorLook,
          this.#language.of(this.#extensionsOf(kind)),
          Prec.high(EditorView.domEventHandlers({ keydown: (event) => options.key(event) })),
          keymap.of([
            { key: "ArrowUp", run: edge("up") },
            { key: "ArrowDown", run: edge("down") },
            { key: "Mod-d", run: selectNextOccurrence, preventDefault: true },
            { key: "Tab", run: indentMore, shift: indentLess },
            ...closeBracketsKeymap,
            // Undoing is the document's: its history holds the cells too.
            ...defaultKeymap,
          ]),
          EditorView.contentAttributes.of({ "aria-label": `Source of ${id}` }),
          EditorView.updateListener.of((update) => {
            if (update.focusChanged && update.view.hasFocus) options.focused();
            for (const transaction of update.transactions) {
              if (transaction.docChanged && !transaction.annotation(elsewhere)) {
                options.changed(transaction.changes, transaction.startState.selection.main);
              }
            }
          }),
        ],
      }),
    });
  }

  get kind(): EditedCell["kind"] {
    return this.#kind;
  }

  get source(): string {
    return this.view.state.doc.toString();
  }

  /** Offset of the cursor. */
  get offset(): number {
    return this.view.state.selection.main.head;
  }

  /** Whether a key is left to what is around; an open list of completions has its own, and Tab may indent. */
  wants({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
    const { state } = this.view;
    if (ctrlKey || metaKey || altKey || shiftKey) return true;
    const isListed = completionStatus(state) === "active";
    if (isListed && /^(Escape|Enter|Tab|Arrow|Page)/.test(key)) return false;
    if (key !== "Tab") return true;
    const { main } = state.selection;
    const before = state.sliceDoc(Math.max(0, main.head - 1), main.head);
    return main.empty && /[\w$.]/.test(before);
  }

  /** Shows changes made elsewhere; the cursor stays where it is in the text. */
  apply(changes: ChangeSet): void {
    this.view.dispatch({ changes, annotations: elsewhere.of(true) });
  }

  /** Shows the cell as another kind. */
  become(kind: EditedCell["kind"]): void {
    if (kind === this.#kind) return;
    this.#kind = kind;
    this.view.dispatch({ effects: this.#language.reconfigure(this.#extensionsOf(kind)) });
  }

  /** Takes the focus; the cursor goes to an offset, the beginning or the end. */
  focus(at?: number | "start" | "end"): void {
    this.view.focus();
    if (at === undefined) return;
    const { length } = this.view.state.doc;
    const anchor = at === "start" ? 0 : at === "end" ? length : Math.min(at, length);
    this.view.dispatch({ selection: { anchor }, scrollIntoView: true });
  }

  destroy(): void {
    this.view.destroy();
  }

  #extensionsOf(kind: EditedCell["kind"]): Extension {
    return kind === "prose" ? markdown() : [javascript({ typescript: true }), this.#code];
  }
}
