import { type Matrix, scaled } from "../../tensor/index.ts";
import { type Arithmetic, type Close, diagonalOf, sumOf } from "./arithmetic.ts";
import type { AttentionTrace } from "./attention.ts";
import { Blocks, placesOf, type Which } from "./blocks.ts";
import { writtenMoments } from "./written-moments.ts";

/**
 * The covariance after the layers, exact for a normal wire. With y = R x + O z, Stein's lemma gives the
 * covariance of x and z through the expected derivative M of O z, and Wick's theorem that of z and z′:
 *
 *     C′[t, t′] = R_a C[t, t′] R_bᵀ + R_a Σ_p C[t, p] M_b[t′, p]ᵀ + Σ_p M_a[t, p] C[p, t′] R_bᵀ
 *               + O_a Σ_{u, u′} (Ω[t, u, t′, u′] − E[…] E[…]ᵀ) O_bᵀ
 */
export async function attentionBlocks(
  a: AttentionTrace,
  b: AttentionTrace,
  c: Blocks,
  which: Which,
  close: Close,
  arithmetic: Arithmetic,
): Promise<Blocks> {
  const { times } = arithmetic;
  const places = placesOf(which === "all" ? "all" : "same", c.positions);
  const targets = which === "sum" ? [places] : places.map((place) => [place]);
  const covariances = await writtenCovariances(a, b, c, which, targets.length, arithmetic);
  const list: (Matrix | undefined)[] = [];
  for (const [k, summed] of targets.entries()) {
    const terms = [await close(await times(a.output, covariances[k]!), b.output)];
    if (b.through) {
      const pairs = await sloped(summed, (t, t2, p) => ({
        block: c.at(p, t2),
        slope: () => a.slope(t, p),
      }));
      const halves: Matrix[] = [];
      for (const [block, slope] of pairs) halves.push(await times(slope, block));
      const straight = a.through && sumOf(summed.map(([t, t2]) => c.at(t, t2)));
      if (straight && a.through) halves.push(await onward(straight));
      const half = sumOf(halves);
      if (half) terms.push(await closed(half, b.through));
    }
    if (a.through) {
      const pairs = await sloped(summed, (t, t2, p) => ({
        block: c.at(t, p),
        slope: () => b.slope(t2, p),
      }));
      for (const [block, slope] of pairs) {
        terms.push(await close(await onward(block), slope));
      }
    }
    list.push(sumOf(terms));
    await arithmetic.pause();
  }
  return new Blocks(which, c.positions, list);

  /** What comes in by the residual of a. */
  async function onward(block: Matrix): Promise<Matrix> {
    return a.factor === undefined ? times(a.through!, block) : scaled(block, a.factor);
  }

  /** H R_bᵀ as `close` gives it. */
  async function closed(half: Matrix, through: Matrix): Promise<Matrix> {
    const { factor } = b;
    if (factor === undefined || close === diagonalOf) return close(half, through);
    return scaled(half, factor);
  }

  /** Blocks of the places, at all positions p between, with the sum of the slopes they are multiplied by. */
  async function sloped(
    summed: typeof places,
    at: (t: number, t2: number, p: number) => Sloped,
  ): Promise<Map<Matrix, Matrix>> {
    const slopes = new Map<Matrix, Matrix>();
    for (const [t, t2] of summed) {
      for (let p = 0; p < c.positions; p++) {
        const { block, slope } = at(t, t2, p);
        const found = block && (await slope());
        if (found) slopes.set(block, sumOf([slopes.get(block), found])!);
      }
    }
    return slopes;
  }
}

interface Sloped {
  readonly block: Matrix | undefined;
  readonly slope: () => Promise<Matrix | undefined>;
}

/** Σ_{u, u′} Ω − E[z] E[z′]ᵀ of all heads, summed over the places of each target: [H_a dh_a, H_b dh_b]. */
async function writtenCovariances(
  a: AttentionTrace,
  b: AttentionTrace,
  c: Blocks,
  which: Which,
  targets: number,
  arithmetic: Arithmetic,
): Promise<Matrix[]> {
  const found = await writtenMoments(a, b, c, which, targets, arithmetic);
  const [rows, columns] = [a.heads * a.width, b.heads * b.width];
  const places = placesOf(which === "all" ? "all" : "same", c.positions);
  for (const [k, [t, t2]] of places.entries()) {
    const { data } = found[which === "sum" ? 0 : k]!;
    const [left, right] = [a.written[t]!, b.written[t2]!];
    if (left.every((entry) => entry === 0)) continue;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) data[i * columns + j]! -= left[i]! * right[j]!;
    }
  }
  return found;
}
