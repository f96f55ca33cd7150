import { type Diagnostic, forEachDiagnostic, setDiagnostics } from "@codemirror/lint";
import { type Extension, StateEffect, StateField } from "@codemirror/state";
import { type EditorView, type Panel, showPanel, ViewPlugin } from "@codemirror/view";
import type { CellDiagnostic } from "../../../protocol/index.ts";
import { button, element } from "../../element.ts";
import { type LanguageService, Newest } from "./language-service.ts";

/** Problems are looked for once nothing has been typed for this long. */
const restMilliseconds = 600;

/** Of more problems than this in a cell the number is told. */
const mostTold = 4;

/** What TypeScript finds wrong in the cells that have an editor: underlined, and told below the text. */
export class Diagnostics {
  readonly #service: LanguageService;
  readonly #views = new Map<string, EditorView>();
  readonly #newest = new Newest();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(service: LanguageService) {
    this.#service = service;
  }

  /** Shows what is wrong in a cell in its editor. */
  of(id: string): Extension {
    return [
      told,
      ViewPlugin.define((view) => {
        this.#views.set(id, view);
        this.changed();
        return {
          destroy: () => {
            if (this.#views.get(id) === view) this.#views.delete(id);
          },
        };
      }),
    ];
  }

  /** Some cell is another: what is wrong in one hangs on all. */
  changed(): void {
    clearTimeout(this.#timer);
    this.#newest.stop();
    if (this.#views.size > 0) this.#timer = setTimeout(() => void this.#ask(), restMilliseconds);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#newest.stop();
  }

  async #ask(): Promise<void> {
    const asked = [...this.#views].map(([id, view]) => ({ id, view, doc: view.state.doc }));
    const cells = asked.map(({ id }) => id);
    const found = await this.#service.ask({ type: "diagnose", cells }, this.#newest.next());
    if (!found) return;
    for (const { id, view, doc } of asked) {
      if (this.#views.get(id) !== view || view.state.doc !== doc) continue;
      show(
        view,
        found.filter(({ cell }) => cell === id),
      );
    }
  }
}

function show(view: EditorView, found: readonly CellDiagnostic[]): void {
  const { length } = view.state.doc;
  const inText = found.filter(({ to }) => to <= length);
  if (inText.length === 0 && !view.state.field(told, false)?.length) return;
  const diagnostics = inText.map(
    ({ from, to, severity, message }): Diagnostic => ({ from, to, severity, message }),
  );
  view.dispatch(setDiagnostics(view.state, diagnostics), { effects: setTold.of(inText) });
}

const setTold = StateEffect.define<readonly CellDiagnostic[]>();

const told = StateField.define<readonly CellDiagnostic[]>({
  create: () => [],
  update(shown, transaction) {
    for (const effect of transaction.effects) if (effect.is(setTold)) return effect.value;
    return shown;
  },
  provide: (field) =>
    showPanel.from(field, (found) => (found.length > 0 ? (view) => panelOf(view, found) : null)),
});

/** Problems in words below the text; pressed, the cursor goes there. */
function panelOf(view: EditorView, found: readonly CellDiagnostic[]): Panel {
  const sorted = found.toSorted((a, b) => a.from - b.from);
  const lines = sorted.slice(0, mostTold).map((one, place) => {
    const { from, severity, message } = one;
    const { number } = view.state.doc.lineAt(from);
    const [first] = message.split("\n");
    const line = button(`Line ${number}: ${first}`, () => visit(view, sorted, place), {
      class: "problem-line",
      "data-severity": severity,
      title: message,
    });
    return element("li", {}, line);
  });
  const rest = sorted.length - lines.length;
  const more = rest > 0 && element("li", { class: "problem-more" }, `and ${rest} more`);
  const dom = element("ul", { class: "problems", "aria-label": "Problems" }, ...lines, more);
  return { dom };
}

/** Puts the cursor on a problem, wherever typing has moved it since it was told. */
function visit(view: EditorView, sorted: readonly CellDiagnostic[], place: number): void {
  const places: number[] = [];
  forEachDiagnostic(view.state, (_diagnostic, from) => places.push(from));
  const at = places.toSorted((a, b) => a - b)[place] ?? sorted[place]!.from;
  view.focus();
  view.dispatch({
    selection: { anchor: Math.min(at, view.state.doc.length) },
    scrollIntoView: true,
  });
}
