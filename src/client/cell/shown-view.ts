import type { ShownBundle } from "../../protocol/index.ts";
import { element } from "../element.ts";
import { showBundle } from "../show-bundle.ts";

/** Shown things on the page at once; beyond, the first go. */
const most = 200;

/**
 * What a kernel cell shows besides its values. While a run shows things, they take the place of those of
 * the last result; what belongs to a result comes with it, and is there again whenever that result is.
 */
export class ShownView {
  readonly element: HTMLElement = element("div", { class: "shown", hidden: true });
  #settled: readonly ShownBundle[] = [];
  readonly #places = new Map<string, HTMLElement[]>();
  /** What is there is taken away when something new is shown. */
  #isOver = false;

  /** A run begins: the first that it shows takes the place of what is there. */
  begin(): void {
    this.#isOver = true;
  }

  /** @param isUpdate in place of what has its name, if there is any */
  show(shown: ShownBundle, isUpdate: boolean): void {
    if (isUpdate) {
      for (const place of this.#places.get(shown.display) ?? []) showBundle(place, shown.bundle);
      return;
    }
    if (this.#isOver) this.#empty();
    this.#add(shown);
  }

  clear(wait: boolean): void {
    if (wait) this.#isOver = true;
    else this.#empty();
  }

  /** Shows what belongs to a result. */
  settle(shown: readonly ShownBundle[]): void {
    this.#settled = shown;
    this.restore();
  }

  /** Shows again what belongs to the last result. */
  restore(): void {
    const isThere = this.#settled.every(({ display }) => this.#places.has(display));
    const count = [...this.#places.values()].flat().length;
    // What a run has shown is not drawn a second time when its result comes, unless it has changed since.
    if (isThere && count === this.#settled.length && !this.#isOver) {
      for (const shown of this.#settled) this.show(shown, true);
      return;
    }
    this.#empty();
    for (const shown of this.#settled) this.#add(shown);
  }

  #add(shown: ShownBundle): void {
    const place = element("div", { class: "shown-part" });
    showBundle(place, shown.bundle);
    this.element.append(place);
    const places = this.#places.get(shown.display);
    if (places) places.push(place);
    else this.#places.set(shown.display, [place]);
    while (this.element.childElementCount > most) this.element.firstElementChild?.remove();
    this.element.hidden = false;
  }

  #empty(): void {
    this.#isOver = false;
    this.#places.clear();
    this.element.replaceChildren();
    this.element.hidden = true;
  }
}
