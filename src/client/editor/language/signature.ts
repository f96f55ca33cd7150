import { syntaxTree } from "@codemirror/language";
import { type Extension, StateEffect, StateField } from "@codemirror/state";
import {
  type EditorView,
  showTooltip,
  type Tooltip,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import type { SignatureHelp } from "../../../protocol/index.ts";
import { element } from "../../element.ts";
import type { CodeCellParts } from "./code-cell.ts";
import { markdownNodes } from "./docs-view.ts";
import { Newest } from "./language-service.ts";

/** Keys that come faster than this are asked about once. */
const restMilliseconds = 40;

/** What arguments a call takes, while they are typed. */
export function signature(cell: CodeCellParts): Extension {
  return [shownSignature, ViewPlugin.define((view) => new SignatureAsker(view, cell))];
}

/** @returns whether there was something to close */
export function closeSignature(view: EditorView): boolean {
  if (!view.state.field(shownSignature, false)) return false;
  view.dispatch({ effects: setSignature.of(null) });
  return true;
}

class SignatureAsker {
  readonly #view: EditorView;
  readonly #cell: CodeCellParts;
  readonly #newest = new Newest();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(view: EditorView, cell: CodeCellParts) {
    this.#view = view;
    this.#cell = cell;
  }

  update(update: ViewUpdate): void {
    if (update.focusChanged && !update.view.hasFocus) this.#later(null);
    else if (!update.docChanged && !update.selectionSet) return;
    const isShown = update.state.field(shownSignature) !== null;
    const isClosed = update.startState.field(shownSignature) !== null && !isShown;
    if (isClosed) this.destroy();
    else if (isShown || begins(update)) this.#later(restMilliseconds);
  }

  destroy(): void {
    clearTimeout(this.#timer);
    this.#newest.stop();
  }

  #later(milliseconds: number | null): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => (milliseconds === null ? closeSignature(this.#view) : void this.#ask()),
      milliseconds ?? 0,
    );
  }

  async #ask(): Promise<void> {
    const { state } = this.#view;
    const { head } = state.selection.main;
    const { id, service } = this.#cell;
    const signal = this.#newest.next();
    const answer = await service.ask({ type: "signature", cell: id, offset: head }, signal);
    if (signal.aborted || this.#view.state.doc !== state.doc) return;
    if (!answer && this.#view.state.field(shownSignature) === null) return;
    this.#view.dispatch({ effects: setSignature.of(answer ? tooltipOf(answer, head) : null) });
  }
}

/** Whether a call's arguments are begun, or the next of them. */
function begins({ view, transactions }: ViewUpdate): boolean {
  if (!transactions.some((one) => one.isUserEvent("input.type"))) return false;
  const { head } = view.state.selection.main;
  const before = view.state.sliceDoc(Math.max(0, head - 2), head).trimEnd();
  const node = syntaxTree(view.state).resolveInner(head, -1);
  return /[(,]$/.test(before) && !/Comment$|^String$/.test(node.name);
}

function tooltipOf({ signatures, active, parameter }: SignatureHelp, pos: number): Tooltip | null {
  const shown = signatures[active] ?? signatures[0];
  if (!shown) return null;
  const { code, docs, parameters } = shown;
  const at = parameters[parameter];
  const head = at
    ? [code.slice(0, at.from), element("strong", {}, code.slice(at.from, at.to)), code.slice(at.to)]
    : [code];
  const count = signatures.length > 1 && `${active + 1} of ${signatures.length}`;
  const create = () => ({
    dom: element(
      "div",
      { class: "docs signature" },
      element("pre", { class: "docs-code" }, element("code", {}, ...head)),
      count !== false && element("p", { class: "docs-cell" }, count),
      ...markdownNodes(at?.docs ?? ""),
      ...(at?.docs ? [] : markdownNodes(docs)),
    ),
  });
  return { pos, above: true, create };
}

const setSignature = StateEffect.define<Tooltip | null>();

const shownSignature = StateField.define<Tooltip | null>({
  create: () => null,
  update(shown, transaction) {
    for (const effect of transaction.effects) if (effect.is(setSignature)) return effect.value;
    if (!shown || !transaction.docChanged) return shown;
    return { ...shown, pos: transaction.changes.mapPos(shown.pos) };
  },
  provide: (field) => showTooltip.from(field),
});
