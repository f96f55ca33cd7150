import {
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionStatus,
} from "@codemirror/autocomplete";
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

/** Where a cursor goes: an offset, an end of the text, or a selection. */
export type CursorPlace =
  | number
  | "start"
  | "end"
  | { readonly anchor: number; readonly head: number };

/** What an editor tells, and asks. */
export interface CellEditorOptions {
  /** The text was changed here; `before` is where the cursor was; typing goes on, all else is done at once. */
  changed(
    changes: ChangeSet,
    before: { readonly anchor: number; readonly head: number },
    isTyping: boolean,
  ): void;
  /** The cursor went elsewhere without any change. */
  moved(): void;
  /** The editor has the focus. */
  focused(): void;
  /** A key is pressed; true when it is taken. */
  key(event: KeyboardEvent): boolean;
  /** The cursor wants to go beyond the text. */
  beyond(direction: "up" | "down"): boolean;
  /** What else the editor of a code cell can do: completion and the like. */
  readonly code?: Extension;
  /** What else the editor of any cell can. */
  readonly text?: Extension;
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
          options.text ?? [],
          this.#language.of(this.#extensionsOf(kind)),
          Prec.high(
            EditorView.domEventHandlers({
              keydown: (event, view) => {
                const isTaken = options.key(event);
                // A list that was asked for while typing would come over what the key has done.
                if (isTaken) closeCompletion(view);
                return isTaken;
              },
            }),
          ),
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
            if (update.selectionSet && !update.docChanged) options.moved();
            for (const transaction of update.transactions) {
              const { changes, docChanged, startState } = transaction;
              if (!docChanged || transaction.annotation(elsewhere)) continue;
              const isTyping = ["input.type", "delete"].some((one) => transaction.isUserEvent(one));
              options.changed(changes, startState.selection.main, isTyping);
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

  /** Takes the focus; the cursor goes to its place, or stays. */
  focus(at?: CursorPlace): void {
    this.view.focus();
    if (at !== undefined) this.select(at);
  }

  /** Puts the cursor in its place, and shows it. */
  select(at: CursorPlace): void {
    const { length } = this.view.state.doc;
    const inText = (offset: number) => Math.min(Math.max(0, offset), length);
    const end = at === "start" ? 0 : at === "end" ? length : at;
    const { anchor, head } = typeof end === "number" ? { anchor: end, head: end } : end;
    this.view.dispatch({
      selection: { anchor: inText(anchor), head: inText(head) },
      scrollIntoView: true,
    });
  }

  destroy(): void {
    this.view.destroy();
  }

  #extensionsOf(kind: EditedCell["kind"]): Extension {
    return kind === "prose" ? markdown() : [javascript({ typescript: true }), this.#code];
  }
}
