import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { markdown } from "@codemirror/lang-markdown";
import { goToNextChunk, goToPreviousChunk, MergeView } from "@codemirror/merge";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { editorLook } from "../editor/editor-look.ts";
import { button } from "../element.ts";

/** What a merge begins with. */
export interface MergeTexts {
  readonly cell: string;
  readonly isProse: boolean;
  readonly mine: string;
  readonly theirs: string;
}

/** Lines that differ have a ground and a bar of their own on each side. */
const look = EditorView.theme({
  "&": { borderRadius: "0" },
  "&.cm-merge-a .cm-changedLine": { backgroundColor: "var(--was)" },
  "&.cm-merge-b .cm-changedLine": { backgroundColor: "var(--now)" },
  "&.cm-merge-a .cm-changedText": {
    background: "var(--was-piece)",
    boxShadow: "inset 0 -2px color-mix(in srgb, var(--danger) 60%, transparent)",
  },
  "&.cm-merge-b .cm-changedText": {
    background: "var(--now-piece)",
    boxShadow: "inset 0 -2px color-mix(in srgb, var(--accent) 60%, transparent)",
  },
  "&.cm-merge-a .cm-changedLineGutter": { background: "var(--danger)" },
  "&.cm-merge-b .cm-changedLineGutter": { background: "var(--accent)" },
  ".cm-gutters": { backgroundColor: "transparent", borderInlineEnd: "0" },
});

/** The text on disk and, beside it, the one that is to be kept, which is written in. */
export class MergeEditor {
  readonly element: HTMLElement;
  readonly #view: MergeView;
  #began: string;

  /** @param done the text is as it is to be kept */
  constructor({ cell, isProse, mine, theirs }: MergeTexts, done: () => void) {
    this.#began = mine;
    const common: Extension = [
      EditorState.lineSeparator.of("\n"),
      EditorView.lineWrapping,
      isProse ? markdown() : javascript({ typescript: true }),
      editorLook,
      look,
      keymap.of([
        { key: "Alt-ArrowDown", run: goToNextChunk },
        { key: "Alt-ArrowUp", run: goToPreviousChunk },
      ]),
    ];
    const isDone = () => {
      done();
      return true;
    };
    this.#view = new MergeView({
      a: {
        doc: theirs,
        extensions: [
          common,
          EditorState.readOnly.of(true),
          EditorView.contentAttributes.of({ "aria-label": `${cell} on disk` }),
        ],
      },
      b: {
        doc: mine,
        extensions: [
          common,
          history(),
          keymap.of([
            { key: "Mod-Enter", run: isDone },
            { key: "Mod-s", run: isDone },
            ...historyKeymap,
            ...defaultKeymap,
          ]),
          EditorView.contentAttributes.of({ "aria-label": `${cell} as it will be` }),
        ],
      },
      revertControls: "a-to-b",
      renderRevertControl: () =>
        button("→", () => {}, {
          class: "take-change",
          "aria-label": "Take this change from disk",
          title: "Take this change from disk",
        }),
      gutter: true,
      collapseUnchanged: { margin: 3, minSize: 6 },
    });
    this.element = this.#view.dom;
  }

  /** The text as it is to be kept. */
  get text(): string {
    return this.#view.b.state.doc.toString();
  }

  /** The text here became another one meanwhile; a merge that was begun stays as it is. */
  follow(mine: string): void {
    if (this.text !== this.#began) return;
    this.#began = mine;
    const { length } = this.#view.b.state.doc;
    this.#view.b.dispatch({ changes: { from: 0, to: length, insert: mine } });
  }

  focus(): void {
    this.#view.b.focus();
  }

  destroy(): void {
    this.#view.destroy();
  }
}
