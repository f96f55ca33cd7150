import { type BrowserCell, showsValue } from "../define.ts";
import { show } from "../output.ts";
import { type ViewElement, type ViewValues, viewValues } from "../view.ts";
import { Invalidated } from "./settled.ts";

/** What one run knows of its cell. */
export interface CellRunContext {
  /** False once the cell has been deleted or redefined. */
  isCurrent(): boolean;
  /** Resolves when a newer run takes the place of this one. */
  readonly invalidation: Promise<void>;
  /** Hears of the element behind each output that is a view. */
  viewed(name: string, element: ViewElement): void;
}

/** One run of a browser cell: what it is given, and what is done with what it gives. */
export class CellRun {
  /** The names of `runNames`. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly #cell: BrowserCell;
  readonly #output: Element;
  readonly #context: CellRunContext;
  #isOver = false;
  #hasShown = false;

  constructor(cell: BrowserCell, output: Element, context: CellRunContext) {
    this.#cell = cell;
    this.#output = output;
    this.#context = context;
    const { invalidation } = context;
    const end = () => {
      this.#isOver = true;
    };
    invalidation.then(end, end);
    this.given = {
      invalidation,
      display: <T>(value: T): T => this.#display(value),
      view: (element: ViewElement): ViewValues => viewValues(this.#display(element)),
    };
  }

  /**
   * Takes what the cell's function resolved to, and gives it on.
   *
   * @throws {Invalidated} when a newer run has taken the place of this one
   */
  end(value: unknown): unknown {
    this.#checkCurrent();
    if (!this.#hasShown && !showsValue(this.#cell)) this.#output.replaceChildren();
    const named = value as Readonly<Record<string, unknown>>;
    for (const name of this.#cell.outputs) {
      const made = named[name];
      if (isViewValues(made)) this.#context.viewed(name, made.element);
    }
    return value;
  }

  /** The old output stays until the first new one is there. */
  #display<T>(value: T): T {
    this.#checkCurrent();
    if (!this.#hasShown) this.#output.replaceChildren();
    this.#hasShown = true;
    show(this.#output, value);
    return value;
  }

  #checkCurrent(): void {
    if (this.#isOver || !this.#context.isCurrent()) throw new Invalidated();
  }
}

function isViewValues(value: unknown): value is ViewValues {
  return typeof value === "object" && value !== null && "element" in value && "next" in value;
}
