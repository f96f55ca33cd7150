/** The angles of a rotary embedding at every position, ready to use. */
export class Turns {
  readonly #half: number;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;

  constructor(positions: number, width: number, base: number) {
    this.#half = width / 2;
    this.#cos = new Float64Array(positions * this.#half);
    this.#sin = new Float64Array(positions * this.#half);
    for (let p = 0; p < positions; p++) {
      for (let i = 0; i < this.#half; i++) {
        const angle = p * base ** ((-2 * i) / width);
        this.#cos[p * this.#half + i] = Math.cos(angle);
        this.#sin[p * this.#half + i] = Math.sin(angle);
      }
    }
  }

  /**
   * Turns `count` vectors of the head's width in place: their entries are `stride` apart, they themselves
   * `step`. `way` −1 turns back.
   */
  turn(
    data: Float64Array,
    place: { start: number; stride: number; count: number; step: number },
    position: number,
    way: 1 | -1 = 1,
  ): void {
    const half = this.#half;
    for (let i = 0; i < half; i++) {
      const cos = this.#cos[position * half + i]!;
      const sin = way * this.#sin[position * half + i]!;
      let at = place.start + i * place.stride;
      const across = half * place.stride;
      for (let k = 0; k < place.count; k++, at += place.step) {
        const [x, y] = [data[at]!, data[at + across]!];
        data[at] = x * cos - y * sin;
        data[at + across] = y * cos + x * sin;
      }
    }
  }
}
