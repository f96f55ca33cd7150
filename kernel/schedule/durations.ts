/** Weight of the newest run in the moving average of what a cell takes. */
const newestWeight = 0.3;

/** How long cells take: moving averages, in milliseconds. */
export class Durations {
  readonly #averages = new Map<string, number>();

  /** How long the cell's next run is expected to take; without end where nothing is known. */
  expected(cell: string): number {
    return this.#averages.get(cell) ?? Number.POSITIVE_INFINITY;
  }

  add(cell: string, ms: number): void {
    const average = this.#averages.get(cell) ?? ms;
    this.#averages.set(cell, average + newestWeight * (ms - average));
  }

  /** The cell is another one now. */
  forget(cell: string): void {
    this.#averages.delete(cell);
  }
}
