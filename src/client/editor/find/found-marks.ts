import { type Extension, RangeSetBuilder, StateEffect, type Text } from "@codemirror/state";
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
  readonly #matches: (text: string) => readonly Pick<CellRange, "from" | "to">[];
  readonly extension: Extension;

  /** @param matches where in a text there is something found */
  constructor(matches: (text: string) => readonly Pick<CellRange, "from" | "to">[]) {
    this.#matches = matches;
    const views = this.#views;
    const marks = (doc: Text, view: EditorView) => this.#marks(doc, view);
    this.extension = ViewPlugin.fromClass(
      class {
        decorations: DecorationSet;
        readonly #view: EditorView;

        constructor(view: EditorView) {
          this.#view = view;
          views.add(view);
          this.decorations = marks(view.state.doc, view);
        }

        update({ docChanged, selectionSet, state, transactions, view }: ViewUpdate): void {
          const isAsked = transactions.some(({ effects }) =>
            effects.some((effect) => effect.is(lookAgain)),
          );
          const isMarked = this.decorations !== Decoration.none;
          if (docChanged || isAsked || (selectionSet && isMarked)) {
            this.decorations = marks(state.doc, view);
          }
        }

        destroy(): void {
          views.delete(this.#view);
        }
      },
      { decorations: ({ decorations }) => decorations },
    );
  }

  /** Something else is looked for. */
  refresh(): void {
    for (const view of this.#views) view.dispatch({ effects: lookAgain.of(null) });
  }

  #marks(doc: Text, view: EditorView): DecorationSet {
    const matches = this.#matches(doc.toString());
    if (matches.length === 0) return Decoration.none;
    const { main } = view.state.selection;
    const builder = new RangeSetBuilder<Decoration>();
    for (const { from, to } of matches) {
      builder.add(from, to, main.from === from && main.to === to ? current : found);
    }
    return builder.finish();
  }
}
