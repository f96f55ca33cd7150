import { type Diagnostic, forEachDiagnostic, setDiagnostics } from "@codemirror/lint";
import { type EditorState, type Extension, StateEffect, StateField } from "@codemirror/state";
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
  view.dispatch(setDiagnostics(view.state, diagnostics), { effects: setTold.of(diagnostics) });
}

const setTold = StateEffect.define<readonly Diagnostic[]>();

const told = StateField.define<readonly Diagnostic[]>({
  create: () => [],
  update(shown, transaction) {
    for (const effect of transaction.effects) if (effect.is(setTold)) return effect.value;
    return shown;
  },
  provide: (field) =>
    showPanel.from(field, (found) => (found.length > 0 ? (view) => panelOf(view, found) : null)),
});

/** Problems in words below the text, as long as what they are about is there; pressed, the cursor goes there. */
function panelOf(view: EditorView, found: readonly Diagnostic[]): Panel {
  const sorted = found.toSorted((a, b) => a.from - b.from);
  const lines = sorted.slice(0, mostTold).map((one) => {
    const { from, severity, message } = one;
    const { number } = view.state.doc.lineAt(from);
    const [first] = message.split("\n");
    const line = button(`Line ${number}: ${first}`, () => visit(view, one), {
      class: "problem-line",
      "data-severity": severity,
      title: message,
    });
    return { one, item: element("li", {}, line) };
  });
  const rest = sorted.length - lines.length;
  const more = rest > 0 && element("li", { class: "problem-more" }, `and ${rest} more`);
  const dom = element(
    "ul",
    { class: "problems", "aria-label": "Problems" },
    ...lines.map(({ item }) => item),
    more,
  );
  return {
    dom,
    update: ({ docChanged, state }) => {
      if (!docChanged) return;
      const places = placesIn(state);
      for (const { one, item } of lines) item.hidden = !places.has(one);
      dom.hidden = places.size === 0;
    },
  };
}

/** Where the problems are that were told, wherever typing has moved them; not those whose text is gone. */
function placesIn(state: EditorState): ReadonlyMap<Diagnostic, number> {
  const places = new Map<Diagnostic, number>();
  forEachDiagnostic(state, (diagnostic, from) => places.set(diagnostic, from));
  return places;
}

function visit(view: EditorView, problem: Diagnostic): void {
  const at = placesIn(view.state).get(problem) ?? problem.from;
  view.focus();
  view.dispatch({
    selection: { anchor: Math.min(at, view.state.doc.length) },
    scrollIntoView: true,
  });
}
