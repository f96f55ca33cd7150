import { button, element } from "../../element.ts";
import type { FindQuery } from "./find.ts";

/** What the bar asks for. */
export interface FindBarActions {
  changed(): void;
  step(by: 1 | -1): void;
  replace(which: "this" | "all"): void;
  close(): void;
}

/** Where one says what is looked for in the cells, and what comes in its place. */
export class FindBar {
  readonly element: HTMLElement;
  readonly #text: HTMLInputElement;
  readonly #by: HTMLInputElement;
  readonly #count = element("output", { class: "find-count", "aria-live": "polite" });
  readonly #isCased: HTMLButtonElement;
  readonly #isWord: HTMLButtonElement;
  readonly #isPattern: HTMLButtonElement;

  constructor(actions: FindBarActions) {
    const input = (label: string) =>
      element("input", {
        type: "text",
        "aria-label": label,
        placeholder: label,
        autocomplete: "off",
        spellcheck: "false",
      });
    const toggle = (sign: string, label: string) => {
      const made: HTMLButtonElement = button(
        sign,
        () => {
          made.setAttribute("aria-pressed", String(made.getAttribute("aria-pressed") !== "true"));
          actions.changed();
        },
        { class: "small", title: label, "aria-label": label, "aria-pressed": "false" },
      );
      return made;
    };
    const small = (sign: string, label: string, press: () => void) =>
      button(sign, press, { class: "small", title: label, "aria-label": label });
    this.#text = input("Find in all cells");
    this.#by = input("Replace with");
    this.#isCased = toggle("Aa", "Tell capitals from small letters");
    this.#isWord = toggle("“ab”", "Whole words");
    this.#isPattern = toggle(".*", "Regular expression");
    this.#text.addEventListener("input", () => actions.changed());
    this.element = element(
      "search",
      { class: "find-bar", "aria-label": "Find in cells", hidden: true },
      element(
        "div",
        {},
        this.#text,
        this.#count,
        this.#isCased,
        this.#isWord,
        this.#isPattern,
        small("↑", "Previous match", () => actions.step(-1)),
        small("↓", "Next match", () => actions.step(1)),
        button("×", () => actions.close(), { class: "close", "aria-label": "Close" }),
      ),
      element(
        "div",
        {},
        this.#by,
        button("Replace", () => actions.replace("this"), { class: "small" }),
        button("Replace all", () => actions.replace("all"), { class: "small" }),
      ),
    );
    this.element.addEventListener("keydown", (event) => this.#onKey(event, actions));
  }

  get query(): FindQuery {
    const isOn = (toggle: HTMLElement) => toggle.getAttribute("aria-pressed") === "true";
    return {
      text: this.#text.value,
      isCased: isOn(this.#isCased),
      isWord: isOn(this.#isWord),
      isPattern: isOn(this.#isPattern),
    };
  }

  /** What comes in place of a match. */
  get by(): string {
    return this.#by.value;
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** @param text to look for; what was looked for before when there is none */
  open(text: string): void {
    this.element.hidden = false;
    if (text !== "") this.#text.value = text;
    this.#text.focus();
    this.#text.select();
  }

  close(): void {
    this.element.hidden = true;
  }

  /** Tells how many matches there are, or what is wrong. */
  tell(text: string, isProblem = false): void {
    this.#count.textContent = text;
    this.#count.classList.toggle("is-problem", isProblem);
    this.#text.setAttribute("aria-invalid", String(isProblem));
  }

  #onKey(event: KeyboardEvent, actions: FindBarActions): void {
    const { key, target, shiftKey, isComposing } = event;
    if (isComposing) return;
    const isInput = target === this.#text || target === this.#by;
    if (key === "Escape") actions.close();
    else if (key === "Enter" && target === this.#text) actions.step(shiftKey ? -1 : 1);
    else if (key === "Enter" && target === this.#by) actions.replace("this");
    else if (key.toLowerCase() === "f" && (event.ctrlKey || event.metaKey)) this.open("");
    else {
      // Keys of the page are not meant while a text is written here.
      if (isInput) event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
