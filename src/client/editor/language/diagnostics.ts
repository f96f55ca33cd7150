import { type Diagnostic, forEachDiagnostic, setDiagnostics } from "@codemirror/lint";
import { type EditorState, type Extension, StateEffect, StateField } from "@codemirror/state";
import { type EditorView, type Panel, showPanel, ViewPlugin } from "@codemirror/view";
import type { CellDiagnostic, EditedCell } from "../../../protocol/index.ts";
import { button, element } from "../../element.ts";
import { type LanguageService, Newest } from "./language-service.ts";

/** Problems are looked for once nothing has been typed for this long. */
const restMilliseconds = 600;

/** Of more problems than this in a cell the number is told. */
const mostTold = 4;

/** Cells that are looked at together where nobody writes: what a person asks meanwhile comes between. */
const portion = 6;

/** What the looking for problems needs of the page. */
export interface DiagnosticsParts {
  readonly service: LanguageService;
  /** Code cells in page order, as they are written now. */
  cells(): readonly Pick<EditedCell, "id" | "source">[];
}

/**
 * What TypeScript finds wrong in cells: first in those that have an editor, where it is underlined and told
 * below the text, then in all others.
 */
export class Diagnostics {
  readonly #parts: DiagnosticsParts;
  readonly #views = new Map<string, EditorView>();
  readonly #newest = new Newest();
  readonly #listeners = new Set<() => void>();
  readonly #found = new Map<string, readonly CellDiagnostic[]>();
  /** Those who want to know although nothing is written. */
  readonly #watching = new Set<AbortSignal>();
  #isLooking = false;
  /** What was found is of all cells as they are now. */
  #isKnown = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: DiagnosticsParts) {
    this.#parts = parts;
  }

  /** Shows what is wrong in a cell in its editor. */
  of(id: string): Extension {
    return [
      told,
      ViewPlugin.define((view) => {
        this.#views.set(id, view);
        // An editor is not there yet while it is made.
        if (!this.#isKnown) this.changed();
        else queueMicrotask(() => this.#views.get(id) === view && show(view, this.found(id)));
        return {
          destroy: () => {
            if (this.#views.get(id) === view) this.#views.delete(id);
          },
        };
      }),
    ];
  }

  /** What was found in a cell when it was looked at last. */
  found(id: string): readonly CellDiagnostic[] {
    return this.#found.get(id) ?? [];
  }

  /** Whether there are cells to be looked at, or to be looked at again. */
  get isLooking(): boolean {
    return this.#isLooking;
  }

  /** Calls `listener` when something else is found, until the signal aborts. */
  follow(listener: () => void, signal?: AbortSignal): void {
    this.#listeners.add(listener);
    signal?.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
  }

  /** Looks for problems also while nothing is written, until the signal aborts. */
  look(until: AbortSignal): void {
    if (until.aborted) return;
    this.#watching.add(until);
    until.addEventListener("abort", () => this.#watching.delete(until), { once: true });
    if (!this.#isKnown && !this.#isLooking) this.changed();
  }

  /** Some cell is another: what is wrong in one hangs on all. */
  changed(): void {
    clearTimeout(this.#timer);
    this.#newest.stop();
    this.#isKnown = false;
    const isWanted = this.#views.size > 0 || this.#watching.size > 0;
    this.#setLooking(isWanted && this.#parts.cells().length > 0);
    if (this.#isLooking) this.#timer = setTimeout(() => void this.#look(), restMilliseconds);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#newest.stop();
  }

  async #look(): Promise<void> {
    const signal = this.#newest.next();
    const cells = this.#parts.cells();
    let isKnown = true;
    const near = cells.filter(({ id }) => this.#views.has(id));
    const far = cells.filter(({ id }) => !this.#views.has(id));
    const portions = near.length > 0 ? [near] : [];
    for (let i = 0; i < far.length; i += portion) portions.push(far.slice(i, i + portion));
    for (const cells of portions) {
      const asked = cells.map(({ id }) => ({ id, doc: this.#views.get(id)?.state.doc }));
      const ids = asked.map(({ id }) => id);
      const found = await this.#parts.service.ask({ type: "diagnose", cells: ids }, signal);
      if (signal.aborted) return;
      if (!found) {
        isKnown = false;
        break;
      }
      for (const { id, doc } of asked) {
        const own = found.filter(({ cell }) => cell === id);
        this.#found.set(id, own);
        const view = this.#views.get(id);
        if (view && view.state.doc === doc) show(view, own);
      }
      this.#tell();
    }
    const here = new Set(cells.map(({ id }) => id));
    for (const id of this.#found.keys()) if (!here.has(id)) this.#found.delete(id);
    this.#isKnown = isKnown;
    this.#setLooking(false);
  }

  #setLooking(isLooking: boolean): void {
    if (isLooking === this.#isLooking) return;
    this.#isLooking = isLooking;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
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
