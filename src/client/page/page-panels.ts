import type { DocumentModel } from "../document/index.ts";
import type { WorkbookEditor } from "../editor/workbook-editor.ts";
import { historyPanel, keptVersions } from "../history/index.ts";
import { outlinePanel } from "../outline/index.ts";
import { graphPanel, type Panel, variablesPanel } from "../panels/index.ts";
import { type Problems, problemsPanel } from "../problems/index.ts";
import type { RunningCells } from "./running-cells.ts";

/** What the panels of a workbook show. */
export interface PagePanelsParts {
  readonly model: DocumentModel;
  readonly cells: Pick<RunningCells, "list" | "states" | "graph">;
  readonly editor: Pick<WorkbookEditor, "current" | "follow" | "visit">;
  readonly problems: Problems;
  /** Path of the workbook. */
  path(): string;
  /** Shows a word for a moment, and reads it aloud. */
  say(text: string): void;
}

/** What there is to look at beside every workbook, in the order of the rail. */
export function pagePanels(parts: PagePanelsParts): readonly Panel[] {
  const { model, editor, path, say } = parts;
  const { list, states, graph } = parts.cells;
  const visit = (id: string) => editor.visit(id);
  const follow = (listener: () => void, signal: AbortSignal) => states.follow(listener, signal);
  return [
    outlinePanel({ model, cell: (id) => list.place(id)?.element, visit }),
    variablesPanel({
      variables: () => states.variables((name) => graph.valueOf(name)),
      follow,
      visit,
    }),
    graphPanel({
      nodes: () => states.nodes,
      neighbours: () => states.neighbours,
      current: () => editor.current,
      follow: (listener, signal) => {
        follow(listener, signal);
        editor.follow(listener, signal);
      },
      visit,
    }),
    problemsPanel(parts.problems),
    historyPanel({ model, versions: keptVersions(path), say }),
  ];
}
