import type { CellList } from "../cell-list.ts";
import type { CellStates } from "../cell-states.ts";
import type { DocumentModel, ModelChange } from "../document/index.ts";
import { Finder } from "../editor/find/finder.ts";
import { EditorLanguage } from "../editor/language/editor-language.ts";
import { WorkbookEditor, type WorkbookEditorParts } from "../editor/workbook-editor.ts";
import { Problems } from "../problems/index.ts";
import { type PageActionsParts, pageActions } from "./page-actions.ts";

/** What writing in a page needs of it. */
export interface WritingParts
  extends Pick<WorkbookEditorParts, "run" | "stop" | "restart" | "say">,
    Omit<PageActionsParts, "finder" | "language" | "list" | "problems"> {
  readonly model: DocumentModel;
  readonly list: CellList;
  readonly states: Pick<CellStates, "follow">;
  /** Path of the workbook. */
  path(): string;
}

/** How a workbook is written in its page: its editor, what the language service tells of it, what is found in it. */
export class Writing {
  readonly editor: WorkbookEditor;
  readonly problems: Problems;
  readonly #language: EditorLanguage;
  readonly #finder: Finder;

  constructor(parts: WritingParts) {
    const { model, list, states, view, say } = parts;
    this.#language = new EditorLanguage({
      workbook: () => parts.path(),
      document: model,
      definition: (id) => list.definition(id),
      editor: (id) => this.editor.editor(id),
      visit: (id, offset) => this.editor.visit(id, offset),
      say,
    });
    this.#finder = new Finder({
      document: model,
      editor: (id) => this.editor.editor(id),
      show: (id, anchor, head) => this.editor.show(id, anchor, head),
      write: (id) => this.editor.write(id),
      say,
    });
    this.problems = new Problems({
      cells: () => model.content.cells,
      types: this.#language.diagnostics,
      failure: (id) => list.panel(id)?.failure,
      follow: (listener, signal) => states.follow(listener, signal),
      place: () => this.editor.place,
      visit: (id, offset) => this.editor.visit(id, view.isWriting ? offset : undefined),
      say,
    });
    this.editor = new WorkbookEditor({
      document: model,
      list: list.element,
      place: (id) => list.place(id),
      run: (cells) => parts.run(cells),
      isWriting: () => view.isWriting,
      stop: () => parts.stop(),
      restart: () => parts.restart(),
      say,
      code: (id) => this.#language.code(id),
      text: (id) => this.#finder.marks(id),
      others: pageActions({
        ...parts,
        finder: this.#finder,
        language: this.#language,
        problems: this.problems,
      }),
    });
  }

  /** What finds and replaces, at the top of the page. */
  get findBar(): HTMLElement {
    return this.#finder.element;
  }

  /**
   * The document is another one, and the cells on the page are those of it.
   *
   * @param hadFocus whether one of the cells had it before
   */
  changed(change: Pick<ModelChange, "texts" | "by">, hadFocus: boolean): void {
    this.editor.refresh(change);
    if (hadFocus && document.activeElement === document.body) this.editor.takeFocus();
    this.#language.changed();
    this.#finder.changed();
  }

  dispose(): void {
    this.editor.dispose();
    this.#language.dispose();
    this.#finder.dispose();
  }
}
