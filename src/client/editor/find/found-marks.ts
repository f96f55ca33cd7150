import { type Extension, RangeSetBuilder, StateEffect } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import type { CellRange } from "../../../protocol/index.ts";

const lookAgain = StateEffect.define<null>();

const found = Decoration.mark({ class: "found" });
const current = Decoration.mark({ class: "found is-current" });

/** Marks what is found in every editor there is, and in those that come. */
export class FoundMarks {
  readonly #views = new Set<EditorView>();
  readonly #matches: (id: string) => readonly CellRange[];

  /** @param matches what is found in a cell */
  constructor(matches: (id: string) => readonly CellRange[]) {
    this.#matches = matches;
  }

  /** Marks what is found in a cell, in its editor. */
  of(id: string): Extension {
    const views = this.#views;
    const marks = (view: EditorView) => this.#marks(id, view);
    return ViewPlugin.fromClass(
      class {
        decorations: DecorationSet;
        readonly #view: EditorView;

        constructor(view: EditorView) {
          this.#view = view;
          views.add(view);
          this.decorations = marks(view);
        }

        update({ changes, docChanged, selectionSet, transactions, view }: ViewUpdate): void {
          const isAsked = transactions.some(({ effects }) =>
            effects.some((effect) => effect.is(lookAgain)),
          );
          // Until the text as it is now has been searched, marks go along with what they mark.
          if (docChanged) this.decorations = this.decorations.map(changes);
          else if (isAsked || (selectionSet && this.decorations !== Decoration.none)) {
            this.decorations = marks(view);
          }
        }

        destroy(): void {
          views.delete(this.#view);
        }
      },
      { decorations: ({ decorations }) => decorations },
    );
  }

  /** Something else is found. */
  refresh(): void {
    for (const view of this.#views) view.dispatch({ effects: lookAgain.of(null) });
  }

  #marks(id: string, view: EditorView): DecorationSet {
    const { doc, selection } = view.state;
    const matches = this.#matches(id).filter(({ to }) => to <= doc.length);
    if (matches.length === 0) return Decoration.none;
    const builder = new RangeSetBuilder<Decoration>();
    for (const { from, to } of matches) {
      const isCurrent = selection.main.from === from && selection.main.to === to;
      builder.add(from, to, isCurrent ? current : found);
    }
    return builder.finish();
  }
}
