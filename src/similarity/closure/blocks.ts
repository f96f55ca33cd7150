import type { Matrix } from "../../tensor/index.ts";

/** Which pairs of positions [t, u] there are blocks for: all, those with t = u, or the sum of these. */
export type Which = "all" | "same" | "sum";

/**
 * The covariance of a wire of a with one of b: block [t, u] = Cov(x_t, y_u), [dA, dB]; undefined is 0.
 * Blocks known to be equal are one object, so that what follows from them is computed once.
 */
export class Blocks {
  readonly which: Which;
  readonly positions: number;
  readonly list: readonly (Matrix | undefined)[];

  constructor(which: Which, positions: number, list: readonly (Matrix | undefined)[]) {
    this.which = which;
    this.positions = positions;
    this.list = list;
  }

  /** `block` on the diagonal: positions that are independent and alike. */
  static diagonal(which: "all" | "same", positions: number, block: Matrix): Blocks {
    const list = placesOf(which, positions).map(([t, u]) => (t === u ? block : undefined));
    return new Blocks(which, positions, list);
  }

  at(t: number, u: number): Matrix | undefined {
    return this.list[this.which === "all" ? t * this.positions + u : t];
  }
}

/** The pairs of positions in the order of their blocks. */
export function placesOf(which: "all" | "same", positions: number): (readonly [number, number])[] {
  const all = Array.from({ length: positions }, (_, t) => t);
  return which === "same"
    ? all.map((t) => [t, t])
    : all.flatMap((t) => all.map((u) => [t, u] as const));
}
