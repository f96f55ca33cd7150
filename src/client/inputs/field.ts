import { element } from "../element.ts";
import type { Input } from "../scope/inputs.ts";

/** What an input is made of. */
export interface FieldParts<T> {
  /** What stands beside it. */
  readonly label: string | Node;
  /** Names it for its style. */
  readonly kind: string;
  /** Holds the controls. */
  readonly body: HTMLElement;
  /** The control that the label is of; without one it is of all of them together. */
  readonly control?: HTMLElement;
  read(): T;
  /** Takes a value; one that is none of its own changes nothing. */
  write(value: unknown): void;
}

let count = 0;

/**
 * An input as those of Observable: an element with a `value`, which sends `input` when a person changes it
 * and not when it is set.
 */
export function field<T>({ label, kind, body, control, read, write }: FieldParts<T>): Input<T> {
  const id = `field-${++count}`;
  const name = element(
    control ? "label" : "span",
    { class: "field-label", id: `${id}-label` },
    label,
  );
  if (control) {
    control.id ||= id;
    name.setAttribute("for", control.id);
  } else {
    body.setAttribute("role", "group");
    body.setAttribute("aria-labelledby", name.id);
  }
  body.classList.add("field-body");
  const form = element("form", { class: `field field-${kind}` }, name, body);
  form.addEventListener("submit", (event) => event.preventDefault());
  Object.defineProperty(form, "value", { get: read, set: write, configurable: true });
  return form as unknown as Input<T>;
}

/** Tells whoever looks at an input that a person has changed it. */
export function tellInput(control: Element): void {
  control.dispatchEvent(new Event("input", { bubbles: true }));
}
