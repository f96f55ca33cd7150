import { type Changes, changes } from "./changes.ts";
import { sameValue } from "./same-value.ts";

/** An element a person sets a value with: a control, or anything with a `value` that sends `input`. */
export type ViewElement = Element & { value?: unknown };

/** The value of a control as a cell reads it: a number of a range, a boolean of a checkbox. */
export function viewValue(element: ViewElement): unknown {
  const control = element as HTMLInputElement;
  switch (control.type) {
    case "range":
    case "number":
      return control.valueAsNumber;
    case "date":
      return control.valueAsDate;
    case "checkbox":
      return control.checked;
    case "file":
      return control.multiple ? control.files : control.files?.[0];
    case "select-multiple":
      return Array.from((element as HTMLSelectElement).selectedOptions, (option) => option.value);
    default:
      return element.value;
  }
}

function setViewValue(element: ViewElement, value: unknown): void {
  const control = element as HTMLInputElement;
  switch (control.type) {
    case "range":
    case "number":
      control.valueAsNumber = value as number;
      break;
    case "date":
      control.valueAsDate = value as Date;
      break;
    case "checkbox":
      control.checked = value as boolean;
      break;
    case "select-multiple":
      for (const option of (element as HTMLSelectElement).options) {
        option.selected = (value as string[]).includes(option.value);
      }
      break;
    default:
      element.value = value;
  }
}

/** The event by which a control says that its value changed. */
function viewEvent(element: ViewElement): string {
  const { type } = element as HTMLInputElement;
  return type === "button" || type === "submit" ? "click" : type === "file" ? "change" : "input";
}

/** The values of a view over time. */
export interface ViewValues extends Changes {
  readonly element: ViewElement;
}

/** The value of `element` now, then each new one. */
export function viewValues(element: ViewElement): ViewValues {
  const event = viewEvent(element);
  const values = changes(
    () => viewValue(element),
    (changed) => {
      if (viewValue(element) !== undefined) changed();
      element.addEventListener(event, changed);
      return () => element.removeEventListener(event, changed);
    },
  );
  return Object.assign(values, { element });
}

/**
 * The values a person has set, by cell and name. A cell that is redefined makes its controls anew; what
 * the person chose stays chosen when the new control still admits it.
 */
export class KeptValues {
  readonly #values = new Map<string, unknown>();

  /** Keeps a value for a view that is yet to be made. */
  set(cell: string, name: string, value: unknown): void {
    this.#values.set(keyOf(cell, name), value);
  }

  /** Gives `element` the value kept under `cell` and `name`, and keeps what is set from now on. */
  adopt(cell: string, name: string, element: ViewElement): void {
    const key = keyOf(cell, name);
    if (this.#values.has(key)) {
      const kept = this.#values.get(key);
      const initial = viewValue(element);
      setViewValue(element, kept);
      if (!sameValue(viewValue(element), kept)) {
        setViewValue(element, initial);
        this.#values.delete(key);
      }
    }
    element.addEventListener(viewEvent(element), () => this.#values.set(key, viewValue(element)));
  }
}

function keyOf(cell: string, name: string): string {
  return `${cell}\n${name}`;
}
