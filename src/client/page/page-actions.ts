import type { CellList } from "../cell-list.ts";
import type { Finder } from "../editor/find/finder.ts";
import type { EditorLanguage } from "../editor/language/editor-language.ts";
import type { WorkbookEditorParts } from "../editor/workbook-editor.ts";
import type { Keeping } from "../keeping/index.ts";
import type { Panels } from "../panels/index.ts";
import type { Presentation } from "../presentation.ts";
import type { Problems } from "../problems/index.ts";
import type { PageView } from "./page-view.ts";

/** Who does on a page what is not done to cells. */
export interface PageActionsParts {
  readonly view: PageView;
  readonly panels: Panels;
  readonly list: Pick<CellList, "panel">;
  readonly finder: Pick<Finder, "open">;
  readonly keeping: Pick<Keeping, "save">;
  readonly language: Pick<EditorLanguage, "define" | "describe" | "rename">;
  readonly problems: Pick<Problems, "step">;
  presentation(): Pick<Presentation, "toggle">;
  copyLink(): void;
  /** Asks for another title, or another name of the file. */
  retitle(): void;
}

/** The actions of the editor's table that others than the editor do. */
export function pageActions(parts: PageActionsParts): WorkbookEditorParts["others"] {
  const { view, panels, list, finder, keeping, language, problems, presentation, retitle } = parts;
  return {
    find: (cell) => {
      if (!view.isWriting) view.write(true);
      finder.open(cell);
    },
    save: () => keeping.save(),
    outline: () => panels.toggle("outline"),
    variables: () => panels.toggle("variables"),
    graph: () => panels.toggle("graph"),
    history: () => panels.toggle("history"),
    problems: () => panels.toggle("problems"),
    nextProblem: () => problems.step(1),
    previousProblem: () => problems.step(-1),
    checkpoints: () => panels.toggle("checkpoints"),
    define: language.define,
    describe: language.describe,
    rename: language.rename,
    copyLink: () => parts.copyLink(),
    retitle,
    toggleView: () => view.toggle(),
    fullWidth: () => view.toggleWidth(),
    present: () => presentation().toggle(),
    toggleCode: (cell) => {
      const panel = list.panel(cell ?? "");
      panel?.fold(!panel.isFolded);
    },
  };
}
