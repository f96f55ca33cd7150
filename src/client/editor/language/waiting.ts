import { type Extension, StateEffect, StateField } from "@codemirror/state";
import { EditorView, showTooltip, type Tooltip, ViewPlugin } from "@codemirror/view";
import { element } from "../../element.ts";

/** An answer that is there within this time, in ms, is not waited for in words. */
const patience = 150;

/** Somebody waits for an answer about a place in a text. */
interface Wait {
  readonly controller: AbortController;
  readonly tooltip: Tooltip;
  readonly isShown: boolean;
}

const setWait = StateEffect.define<Wait | null>();

const waitField = StateField.define<Wait | null>({
  create: () => null,
  update(wait, transaction) {
    for (const effect of transaction.effects) if (effect.is(setWait)) return effect.value;
    return transaction.docChanged || transaction.selection ? null : wait;
  },
  provide: (field) => showTooltip.from(field, (wait) => (wait?.isShown ? wait.tooltip : null)),
});

/** Lets an editor say that an answer is waited for. */
export const waiting: Extension = [
  waitField,
  ViewPlugin.define((view) => ({
    update: ({ startState, state }) => {
      const before = startState.field(waitField)?.controller;
      if (before !== state.field(waitField)?.controller) before?.abort();
    },
    destroy: () => view.state.field(waitField)?.controller.abort(),
  })),
];

/**
 * Waits for an answer about a place in the text, and says so there. Who types on, moves the cursor or presses
 * Escape waits no longer.
 *
 * @param text what is said meanwhile
 * @returns what `ask` gives; "left" when it is no longer waited for
 */
export async function awaited<Answer>(
  view: EditorView,
  pos: number,
  text: string,
  ask: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer | "left"> {
  const controller = new AbortController();
  const tooltip = { pos, above: true, create: () => ({ dom: waitingView(text) }) };
  const set = (wait: Wait | null) => view.dispatch({ effects: setWait.of(wait) });
  set({ controller, tooltip, isShown: false });
  const isWaiting = () => view.state.field(waitField, false)?.controller === controller;
  const timer = setTimeout(() => {
    if (!isWaiting()) return;
    set({ controller, tooltip, isShown: true });
    view.dispatch({ effects: EditorView.announce.of(text) });
  }, patience);
  const answer = await ask(controller.signal);
  clearTimeout(timer);
  if (!isWaiting()) return "left";
  set(null);
  return answer;
}

/** Waits no longer. @returns whether there was something to wait for */
export function leaveWaiting(view: EditorView): boolean {
  if (!view.state.field(waitField, false)) return false;
  view.dispatch({ effects: setWait.of(null) });
  return true;
}

function waitingView(text: string): HTMLElement {
  return element(
    "div",
    { class: "docs waiting" },
    `${text} `,
    element("kbd", {}, "Esc"),
    " cancels",
  );
}
