import { type Extension, StateEffect, StateField } from "@codemirror/state";
import { EditorView, hoverTooltip, showTooltip, type Tooltip } from "@codemirror/view";
import type { Hover } from "../../../protocol/index.ts";
import type { CodeCellParts } from "./code-cell.ts";
import { docsView } from "./docs-view.ts";
import { Newest } from "./language-service.ts";

/** The pointer rests on a name for this long before it is told what it is. */
const hoverMilliseconds = 350;

/** What the name below the pointer is. */
export function hover({ id, service }: CodeCellParts): Extension {
  const newest = new Newest();
  return [
    described,
    hoverTooltip(
      async (view, pos) => {
        const { doc } = view.state;
        const answer = await service.ask({ type: "hover", cell: id, offset: pos }, newest.next());
        return answer && view.state.doc === doc ? tooltipOf(answer) : null;
      },
      { hoverTime: hoverMilliseconds, hideOnChange: true },
    ),
  ];
}

/**
 * Tells what the name at the cursor is, until the cursor moves or Escape is pressed.
 *
 * @returns whether there is anything to tell
 */
export async function describeAt(
  view: EditorView,
  cell: CodeCellParts,
  signal: AbortSignal,
): Promise<boolean> {
  const { doc, selection } = view.state;
  const { head } = selection.main;
  const question = { type: "hover", cell: cell.id, offset: head } as const;
  const answer = await cell.service.ask(question, signal);
  if (!answer) return false;
  if (view.state.doc !== doc || view.state.selection.main.head !== head) return true;
  view.dispatch({
    effects: [
      setDescribed.of({ ...tooltipOf(answer), pos: head }),
      EditorView.announce.of([answer.code, answer.docs].filter(Boolean).join(". ")),
    ],
  });
  return true;
}

/** @returns whether there was something to close */
export function closeDescribed(view: EditorView): boolean {
  if (!view.state.field(described, false)) return false;
  view.dispatch({ effects: setDescribed.of(null) });
  return true;
}

function tooltipOf({ from, to, code, docs, cell }: Hover): Tooltip & { readonly end: number } {
  return {
    pos: from,
    end: to,
    above: true,
    create: () => ({ dom: docsView(code, docs, cell) }),
  };
}

const setDescribed = StateEffect.define<Tooltip | null>();

const described = StateField.define<Tooltip | null>({
  create: () => null,
  update(shown, transaction) {
    for (const effect of transaction.effects) if (effect.is(setDescribed)) return effect.value;
    return transaction.docChanged || transaction.selection ? null : shown;
  },
  provide: (field) => showTooltip.from(field),
});
