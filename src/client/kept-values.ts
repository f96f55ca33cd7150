import type { LinkedInputs } from "./link/index.ts";
import { sameValue } from "./same-value.ts";
import { setViewValue, type ViewElement, viewEvent, viewValue } from "./view-value.ts";

/**
 * The values a person has set, by cell and name. A cell that is redefined makes its controls anew; what
 * the person chose stays chosen when the new control still admits it. What the address of the page says
 * comes after that, and before what a control is made with.
 */
export class KeptValues {
  readonly #values = new Map<string, unknown>();
  readonly #presets = new Map<string, unknown>();
  readonly #link: LinkedInputs | undefined;

  /** @param link keeps them in the address of the page as well */
  constructor(link?: LinkedInputs) {
    this.#link = link;
  }

  /** What a view that is yet to be made has at first, whatever it is made with. */
  preset(cell: string, name: string, value: unknown): void {
    this.#presets.set(keyOf(cell, name), value);
  }

  /** Gives `element` the value kept under `cell` and `name`, and keeps what is set from now on. */
  adopt(cell: string, name: string, element: ViewElement): void {
    const key = keyOf(cell, name);
    if (this.#presets.has(key)) trySet(element, this.#presets.get(key));
    const linked = this.#link?.adopt(cell, name, element);
    const isKept = this.#values.has(key) && trySet(element, this.#values.get(key));
    if (!isKept) {
      this.#values.delete(key);
      linked?.restore();
    }
    linked?.update();
    element.addEventListener(viewEvent(element), () => {
      this.#values.set(key, viewValue(element));
      linked?.update();
    });
  }
}

/** Whether a view takes a value; if not it is as it was. */
function trySet(element: ViewElement, value: unknown): boolean {
  const before = viewValue(element);
  try {
    setViewValue(element, value);
    if (sameValue(viewValue(element), value)) return true;
    setViewValue(element, before);
  } catch {
    // A search has a value that nobody else can set.
  }
  return false;
}

function keyOf(cell: string, name: string): string {
  return `${cell}\n${name}`;
}
