import type { BilinearLayer } from "../../model/index.ts";
import { identity, type Matrix, matrix, scaled } from "../../tensor/index.ts";
import { type Arithmetic, applied, bytesOf, type Close, float64, sumOf } from "./arithmetic.ts";
import { Blocks, placesOf } from "./blocks.ts";
import { Once } from "./once.ts";
import type { Affine, Stage } from "./stages.ts";

/** What pairs need to know of a bilinear layer in one network, the linear map after it included. */
export interface BilinearTrace {
  readonly kind: "bilinear";
  /** [2m, d]: L above R. */
  readonly sides: Matrix;
  /** [out, m]: gain · W D. */
  readonly down: Matrix;
  /**
   * For each position M [out, d], the expected derivative of the layer:
   * M = W (residual · I + gain · D (diag(l̄) R + diag(r̄) L)); undefined is 0.
   */
  readonly slopes: readonly (Matrix | undefined)[];
  /** [positions][out]: means of what comes out. */
  readonly means: readonly Float64Array[];
  readonly bytes: number;
}

/**
 * The layer at a normal wire of these means and covariances. With l̄ = L m + bl and r̄ = R m + br,
 *
 *     E[h] = l̄ ⊙ r̄ + diag(L C Rᵀ),    E[y] = residual · m + gain · (D E[h] + bd)
 */
export async function bilinearTrace(
  { layer, after }: Stage & { readonly layer: BilinearLayer },
  means: readonly Float64Array[],
  own: Blocks,
  { times }: Arithmetic,
): Promise<BilinearTrace> {
  const { residual = 0, gain = 1 } = layer;
  const [left, right] = [float64(layer.left), float64(layer.right)];
  const [hidden, d] = left.shape;
  const sides = matrix(2 * hidden, d);
  sides.data.set(left.data);
  sides.data.set(right.data, hidden * d);
  const bare = scaled(layer.down, gain);
  const down = after ? await times(after.weight, bare) : bare;
  const through = residual === 0 ? undefined : scaled(after?.weight ?? identity(d), residual);
  const slope = async (mean: Float64Array) => {
    const atLeft = applied(left, mean, layer.leftBias);
    const atRight = applied(right, mean, layer.rightBias);
    const derivative = matrix(hidden, d);
    for (let i = 0; i < derivative.data.length; i++) {
      const h = Math.floor(i / d);
      derivative.data[i] = atLeft[h]! * right.data[i]! + atRight[h]! * left.data[i]!;
    }
    const flat = derivative.data.every((entry) => entry === 0);
    return sumOf([through, flat ? undefined : await times(down, derivative)]);
  };
  const mean = async (before: Float64Array, covariance: Matrix | undefined) => {
    const units = applied(left, before, layer.leftBias);
    const atRight = applied(right, before, layer.rightBias);
    const spread = covariance && (await times(left, covariance));
    for (let h = 0; h < hidden; h++) {
      units[h]! *= atRight[h]!;
      for (let i = h * d; spread && i < (h + 1) * d; i++) {
        units[h]! += spread.data[i]! * right.data[i]!;
      }
    }
    const active = applied(float64(layer.down), units, layer.downBias);
    return withAfter(
      active.map((entry, o) => gain * entry + (residual === 0 ? 0 : residual * before[o]!)),
      after,
    );
  };
  const [onceSlope, onceMean] = [
    new Once<Promise<Matrix | undefined>>(),
    new Once<Promise<Float64Array>>(),
  ];
  const slopes = means.map((m) => onceSlope.of([m], () => slope(m)));
  const next = means.map((m, t) => onceMean.of([m, own.at(t, t)], () => mean(m, own.at(t, t))));
  const found = await Promise.all(slopes);
  return {
    kind: "bilinear",
    sides,
    down,
    slopes: found,
    means: await Promise.all(next),
    bytes: bytesOf([sides, down, ...found]),
  };
}

/** W y + b, or y itself. */
export function withAfter(y: Float64Array, after: Affine | undefined): Float64Array {
  return after ? applied(after.weight, y, after.bias) : y;
}

/**
 * The covariance after the layers: with XY = X_a C Y_bᵀ for X, Y of L and R,
 *
 *     C′ = M_a C M_bᵀ + D_a (LL ⊙ RR + LR ⊙ RL) D_bᵀ
 *
 * exact for a normal wire: the part linear in it, and the part quadratic.
 */
export async function bilinearBlocks(
  a: BilinearTrace,
  b: BilinearTrace,
  c: Blocks,
  which: "all" | "same",
  close: Close,
  { times, pause }: Arithmetic,
): Promise<Blocks> {
  const once = new Once<Promise<Matrix>>();
  const list: (Matrix | undefined)[] = [];
  for (const [t, u] of placesOf(which, c.positions)) {
    const block = c.at(t, u);
    const [slopeA, slopeB] = [a.slopes[t], b.slopes[u]];
    list.push(
      block && (await once.of([block, slopeA, slopeB], () => mapped(block, slopeA, slopeB))),
    );
    await pause();
  }
  return new Blocks(which, c.positions, list);

  async function mapped(block: Matrix, slopeA: Matrix | undefined, slopeB: Matrix | undefined) {
    const half = await times(a.sides, block);
    const units = squared(await times(half, b.sides, { transposeB: true }));
    const quadratic = await close(await times(a.down, units), b.down);
    if (!slopeA || !slopeB) return quadratic;
    return sumOf([quadratic, await close(await times(slopeA, block), slopeB)])!;
  }
}

/** LL ⊙ RR + LR ⊙ RL from [LL LR; RL RR]: [2p, 2q] → [p, q]. */
function squared({ shape: [rows, columns], data }: Matrix): Matrix {
  const [p, q] = [rows / 2, columns / 2];
  const units = matrix(p, q);
  const below = p * columns;
  for (let h = 0; h < p; h++) {
    for (let k = 0; k < q; k++) {
      const at = h * columns + k;
      units.data[h * q + k] = data[at]! * data[at + below + q]! + data[at + q]! * data[at + below]!;
    }
  }
  return units;
}
