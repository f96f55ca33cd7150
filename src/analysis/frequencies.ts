import { type Network, standardForm } from "../model/index.ts";
import { ShapeError } from "../tensor/index.ts";
import { Interactions } from "./interaction.ts";

/** Options of {@link frequencies}. */
export interface FrequencyOptions {
  /** Eigenvectors taken of each class, those of largest |eigenvalue|. Default 4. */
  readonly vectors?: number | undefined;
  /** Told how many of the classes are done. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
  /** Aborting rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Which frequencies a network for modular addition uses. */
export interface Frequencies {
  readonly shape: readonly [classes: number, frequencies: number];
  /** [classes, ⌊p/2⌋ + 1]: share of each frequency in each class; rows sum to 1, or are 0 for a class that is. */
  readonly data: Float64Array;
  /** [⌊p/2⌋ + 1]: the frequency marginal, the sum of the rows; sums to the number of classes. */
  readonly marginal: Float64Array;
}

/**
 * The frequencies in a network for modular addition, whose 2p inputs are the one-hot of a beside that of
 * b. For each class, from the interaction matrix's eigenpairs (λ_k, v_k) of largest |λ_k|,
 *
 *     row[f] = Σ_k |λ_k| |Σ_{j<p} v_k[j] exp(−2πi f j / p)|,   f = 0 … ⌊p/2⌋,   over its sum
 *
 * with magnitudes, not their squares, and the constant, f = 0, counted (arXiv 2605.15183). Exact, but not
 * continuous: where |eigenvalues| cross, another vector is taken. The spectra of two networks compare by
 * {@link jsDivergence} of their rows.
 *
 * @throws {ShapeError} when the network has not exactly one bilinear layer or an odd number of inputs
 * @throws {RangeError} when `vectors` is not a whole number of at least 1
 * @throws the signal's reason after it aborts
 */
export async function frequencies(
  network: Network,
  { vectors = 4, progress, signal }: FrequencyOptions = {},
): Promise<Frequencies> {
  signal?.throwIfAborted();
  const form = standardForm(network);
  const [classes, dIn] = [form.down.shape[0], form.left.shape[1]];
  if (dIn % 2 === 1) {
    throw new ShapeError(
      `Cannot take the frequencies of a network: expected the one-hots of two numbers, an even number of inputs, found ${dIn}`,
    );
  }
  if (!Number.isInteger(vectors) || vectors < 1) {
    throw new RangeError(
      `Cannot take the frequencies of ${vectors} eigenvectors: expected a whole number of at least 1`,
    );
  }
  const interactions = new Interactions(form);
  const p = dIn / 2;
  const count = Math.floor(p / 2) + 1;
  const data = new Float64Array(classes * count);
  const marginal = new Float64Array(count);
  const magnitudes = transform(p);
  let last = performance.now();
  for (let output = 0; output < classes; output++) {
    const { values, vectors: all } = interactions.leading(output, vectors);
    const row = data.subarray(output * count, (output + 1) * count);
    for (let k = 0; k < values.length; k++) {
      const vector = all.data.subarray(k * dIn, k * dIn + p);
      for (const [f, size] of magnitudes(vector).entries()) row[f]! += Math.abs(values[k]!) * size;
    }
    const sum = row.reduce((total, entry) => total + entry, 0);
    for (let f = 0; f < count && sum > 0; f++) marginal[f]! += row[f]! /= sum;
    progress?.(output + 1, classes);
    // Some milliseconds each: whoever asked must be heard in between.
    if (performance.now() - last > 15) {
      await new Promise<void>((resolve) => setTimeout(resolve, 0));
      last = performance.now();
    }
    signal?.throwIfAborted();
  }
  return { shape: [classes, count], data, marginal };
}

/** |Σ_j v[j] exp(−2πi f j / p)| for f = 0 … ⌊p/2⌋; p is small and often prime, so by its definition. */
function transform(p: number): (vector: ArrayLike<number>) => Float64Array {
  const angles = Array.from({ length: p }, (_, j) => (2 * Math.PI * j) / p);
  const [cosines, sines] = [angles.map(Math.cos), angles.map(Math.sin)];
  return (vector) =>
    Float64Array.from({ length: Math.floor(p / 2) + 1 }, (_, f) => {
      let [real, imaginary] = [0, 0];
      for (let j = 0; j < p; j++) {
        real += vector[j]! * cosines[(f * j) % p]!;
        imaginary -= vector[j]! * sines[(f * j) % p]!;
      }
      return Math.hypot(real, imaginary);
    });
}
