import type { Input } from "../../src/client/scope/inputs.ts";

/** The values that an input tells. */
export function told<T>(input: Input<T>): T[] {
  document.body.replaceChildren(input);
  const values: T[] = [];
  input.addEventListener("input", () => values.push(input.value));
  return values;
}

/** The part of an input that a selector names. */
export const find = <E extends HTMLElement>(input: HTMLElement, selector: string): E =>
  input.querySelector<E>(selector)!;

/** Writes into a box, or chooses of a menu. */
export function type(
  box: HTMLInputElement | HTMLSelectElement,
  value: string,
  event = "input",
): void {
  box.value = value;
  box.dispatchEvent(new Event(event, { bubbles: true }));
}

/** Presses a key on an element. */
export const press = (element: Element, key: string): boolean =>
  element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
