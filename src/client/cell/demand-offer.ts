import { button, element } from "../element.ts";
import { durationText } from "../sign.ts";
import { CellTimes } from "./cell-times.ts";

/** Offers that a cell whose runs are long runs on demand. */
export class DemandOffer {
  readonly element: HTMLElement = element("p", { class: "offer", hidden: true });
  readonly #times = new CellTimes();
  readonly #accept: (() => void) | undefined;

  /** @param accept makes it run on demand; undefined where nothing can be changed */
  constructor(accept: (() => void) | undefined) {
    this.#accept = accept;
  }

  /** Takes in how long a run took. */
  ran(milliseconds: number, isLive: boolean): void {
    this.#times.add(milliseconds);
    const accept = this.#accept;
    const isOffered = this.#times.isLong && isLive && accept !== undefined;
    this.element.hidden = !isOffered;
    if (!isOffered) return;
    const close = () => {
      this.#times.refuse();
      this.element.hidden = true;
    };
    const take = () => {
      close();
      accept();
    };
    this.element.replaceChildren(
      `Each run takes ${durationText(milliseconds)}. `,
      button("Run it on demand only", take, { class: "small" }),
      " ",
      button("Leave it", close, { class: "small quiet" }),
    );
  }
}
