import { element } from "./element.ts";

/** How long a word stays. */
const shownFor = 3_500;

/** Words for a moment at the foot of the page, read aloud as well: what was done, and how it is taken back. */
export class Said {
  readonly element: HTMLElement = element("div", { class: "said", role: "status" });
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string): void {
    clearTimeout(this.#timer);
    this.element.replaceChildren(element("span", {}, text));
    this.#timer = setTimeout(() => this.element.replaceChildren(), shownFor);
  }
}
