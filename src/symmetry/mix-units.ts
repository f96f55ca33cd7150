import type { Network } from "../model/index.ts";
import { type Matrix, matrix, product, transpose } from "../tensor/index.ts";
import { inverse } from "./inverse.ts";
import { alignedUnits } from "./parallel-units.ts";
import { replaceSides, withUnits } from "./units.ts";

/**
 * The network with hidden units of one output direction mixed: for k units of the same d,
 *
 *     l ← A l,   r ← A⁻ᵀ r,      Σ_i (l_i·x)(r_i·x) stays for each A in GL(k)
 *
 * Neither the function nor the tensor changes. Where down vectors differ by factors, the factors first go
 * to the left sides.
 *
 * @param chosen - the units, whose down vectors are multiples of each other; see {@link parallelUnits}
 * @param mixing - A, [k, k] with an inverse
 * @param layer - index of the bilinear layer; default the first
 * @throws {RangeError} when the units are not such, A does not fit or has no inverse, or there is no such
 * layer
 */
export function mixUnits(
  network: Network,
  chosen: readonly number[],
  mixing: Matrix,
  layer?: number,
): Network {
  return withUnits(network, layer, (units) => {
    const aligned = alignedUnits("mix hidden units", units, chosen);
    checkMixing("mix hidden units", mixing, chosen.length);
    const back = transpose(inverse(mixing, "mix hidden units"));
    const left = product(mixing, aligned.left);
    const right = product(back, aligned.right);
    return replaceSides(units, chosen, { left, right, down: aligned.down });
  });
}

/**
 * The network with the right sides of hidden units of one output direction added to left sides:
 *
 *     l ← l + B r,   B antisymmetric,      Σ_ij B_ij (r_i·x)(r_j·x) = 0
 *
 * The function stays and with it the symmetrised tensor; the tensor before symmetrising does not.
 *
 * @param chosen - the units, as for {@link mixUnits}
 * @param shear - B, [k, k]; only what is above the diagonal is read
 * @param layer - index of the bilinear layer; default the first
 * @throws {RangeError} when the units are not such, B does not fit, or there is no such layer
 */
export function shearUnits(
  network: Network,
  chosen: readonly number[],
  shear: Matrix,
  layer?: number,
): Network {
  return withUnits(network, layer, (units) => {
    const aligned = alignedUnits("shear hidden units", units, chosen);
    const count = chosen.length;
    checkMixing("shear hidden units", shear, count);
    const antisymmetric = matrix(count, count);
    for (let i = 0; i < count; i++) {
      for (let j = i + 1; j < count; j++) {
        antisymmetric.data[i * count + j] = shear.data[i * count + j]!;
        antisymmetric.data[j * count + i] = -shear.data[i * count + j]!;
      }
    }
    const added = product(antisymmetric, aligned.right);
    const left = matrix(
      ...added.shape,
      added.data.map((entry, i) => entry + aligned.left.data[i]!),
    );
    return replaceSides(units, chosen, { ...aligned, left });
  });
}

function checkMixing(act: string, { shape }: Matrix, count: number): void {
  if (shape[0] === count && shape[1] === count) return;
  throw new RangeError(
    `Cannot ${act}: expected a matrix of shape [${count}, ${count}], found [${shape[0]}, ${shape[1]}]`,
  );
}
