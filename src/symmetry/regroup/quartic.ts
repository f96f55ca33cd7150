import type { Random } from "../../tensor/index.ts";

/** A product of four linear forms of x, sent to the outputs: down · (p·x)(q·x)(r·x)(s·x). */
export interface Quartic {
  /** p, q, r, s, each [dIn]. */
  readonly factors: readonly [
    p: ArrayLike<number>,
    q: ArrayLike<number>,
    r: ArrayLike<number>,
    s: ArrayLike<number>,
  ];
  /** [dOut] */
  readonly down: ArrayLike<number>;
}

/** Normal factors of variance 1/dIn, and a normal down of deviation `size`. */
export function randomQuartic(random: Random, dIn: number, dOut: number, size: number): Quartic {
  const draw = (length: number, scale: number) =>
    Float64Array.from({ length }, () => scale * random.normal());
  const factor = () => draw(dIn, 1 / Math.sqrt(dIn));
  return { factors: [factor(), factor(), factor(), factor()], down: draw(dOut, size) };
}

/** @throws {RangeError} when a factor has not dIn entries or down has not dOut */
export function checkQuartic(act: string, quartic: Quartic, dIn: number, dOut: number): void {
  for (const [expected, found, name] of [
    ...quartic.factors.map(({ length }) => [dIn, length, "factors"] as const),
    [dOut, quartic.down.length, "a down"] as const,
  ]) {
    if (found === expected) continue;
    throw new RangeError(`Cannot ${act}: expected ${name} of ${expected} entries, found ${found}`);
  }
}
