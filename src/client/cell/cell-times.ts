/** Milliseconds from which a run is long: twice in a row, and running on demand is offered. */
const long = 5_000;

/** How long the runs of a cell took. */
export class CellTimes {
  #long = 0;
  #isRefused = false;

  /** Takes in a run that came to its end. */
  add(milliseconds: number): void {
    this.#long = milliseconds > long ? this.#long + 1 : 0;
  }

  /** Whether it has been long more than once, and the person has not said no. */
  get isLong(): boolean {
    return this.#long >= 2 && !this.#isRefused;
  }

  refuse(): void {
    this.#isRefused = true;
  }
}
