import { checkNetwork, type Network, outputs, type Substitution } from "../model/index.ts";
import { product, Random, type Tensor, transpose } from "../tensor/index.ts";
import { checkAgainst, checkSlice } from "./comparison.ts";
import { substitutionOf } from "./input.ts";
import type { SimilarityOptions } from "./options.ts";
import { algorithm, type Provenance } from "./provenance.ts";
import { breath } from "./sweep/breath.ts";
import { loops } from "./weights/weight-pairing.ts";

/** Options of {@link monteCarlo}. */
export interface MonteCarloOptions extends Pick<SimilarityOptions, "input" | "slice" | "signal"> {
  /** Inputs to draw, at least 2; default 10,000. */
  readonly samples?: number | undefined;
  /** A whole number; one seed gives one estimate on every machine. Default 0. */
  readonly seed?: number | undefined;
  /** Told how many of the inputs are done. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** A cosine estimated from random inputs. */
export interface MonteCarloResult extends Provenance {
  /** In [-1, 1]; 0 when a norm is 0. */
  readonly value: number;
  /** Standard error of `value`, as far as this sample can tell: see `trusted`. */
  readonly standardError: number;
  /** √E|f_a|² and √E|f_b|², estimated. */
  readonly norms: readonly [a: number, b: number];
  /** Estimated E[f_a·f_b]. */
  readonly product: number;
  readonly samples: number;
  readonly seed: number;
  /** Largest part that a single input has in one of the three sums, from 1/samples to 1. */
  readonly largestShare: number;
  /**
   * False when a single input makes up more than 1 % of a sum: the tails are then too heavy for so few
   * inputs, and neither the value nor its standard error can be relied on.
   */
  readonly trusted: boolean;
}

/**
 * The cosine E[f_a·f_b] / √(E|f_a|² E|f_b|²) over inputs x ~ N(0, I), or `input`, drawn for each position
 * by itself; sums over outputs and positions. With means AA, AB, BB over the inputs, its standard error is
 * that of a ratio (the delta method): std(ψ)/√N with
 *
 *     ψ = ab/√(AA·BB) − ½ cos · (aa/AA + bb/BB)
 *
 * Any network; approximate. Degrees multiply from layer to layer, and with them the tails grow.
 *
 * @throws {ShapeError} when a network does not fit together, or the two do not fit each other
 * @throws {RangeError} when an option does not fit, or outputs leave the range of float64
 */
export async function monteCarlo(
  a: Network,
  b: Network,
  { samples = 10_000, seed = 0, input, slice, signal, progress }: MonteCarloOptions = {},
): Promise<MonteCarloResult> {
  if (!(Number.isInteger(samples) && samples >= 2)) {
    throw new RangeError(
      `Cannot estimate a similarity: expected a whole number of samples of at least 2, found ${samples}`,
    );
  }
  signal?.throwIfAborted();
  const [first, second] = [
    { network: a, name: "a" },
    { network: b, name: "b" },
  ];
  checkAgainst(second, first, "ends");
  const { dIn, dOut, nContext: positions } = checkNetwork(a, "a");
  const chosen = checkSlice(slice ?? null, dOut);
  const substitution = substitutionOf(input, dIn, "monte carlo");
  const [from, to] = chosen === null ? [0, dOut] : [chosen, chosen + 1];
  const random = new Random(seed);
  const sums: Sums = [
    new Float64Array(samples),
    new Float64Array(samples),
    new Float64Array(samples),
  ];
  const [aa, ab, bb] = sums;
  const pause = breath();
  const batch = Math.min(samples, Math.ceil(512 / positions));
  progress?.(0, samples);
  for (let start = 0; start < samples; start += batch) {
    const count = Math.min(batch, samples - start);
    const x = drawn(random, [count, positions, dIn], substitution);
    const [ya, yb] = [outputs(a, x), outputs(b, x)];
    for (let i = 0; i < count; i++) {
      for (let t = 0; t < positions; t++) {
        const row = (i * positions + t) * dOut;
        for (let k = row + from; k < row + to; k++) {
          aa[start + i]! += ya.data[k]! ** 2;
          ab[start + i]! += ya.data[k]! * yb.data[k]!;
          bb[start + i]! += yb.data[k]! ** 2;
        }
      }
    }
    progress?.(start + count, samples);
    await pause();
    signal?.throwIfAborted();
  }
  return {
    ...estimate(sums),
    samples,
    seed,
    metric: "monte carlo",
    exact: false,
    exactFor: "normal inputs in the limit of many samples",
    precision: "float64",
    engine: loops,
    algorithm,
    slice: chosen,
  };
}

/** Of each input: |f_a|², f_a·f_b, |f_b|². */
type Sums = readonly [aa: Float64Array, ab: Float64Array, bb: Float64Array];

function estimate([aa, ab, bb]: Sums) {
  const [meanA, product, meanB] = [meanOf(aa), meanOf(ab), meanOf(bb)];
  if (![meanA, product, meanB].every(Number.isFinite)) {
    throw new RangeError(
      "Cannot estimate a similarity: expected outputs whose squares are within the range of float64, found larger ones; scale the weights of the last layer down",
    );
  }
  const norms = [Math.sqrt(meanA), Math.sqrt(meanB)] as const;
  const largestShare = Math.max(shareOf(aa), shareOf(ab), shareOf(bb));
  const trusted = largestShare <= 0.01;
  if (meanA === 0 || meanB === 0) {
    return { value: 0, standardError: 0, norms, product, largestShare, trusted };
  }
  const value = product / (norms[0] * norms[1]);
  let squares = 0;
  for (let i = 0; i < aa.length; i++) {
    const along = (aa[i]! / meanA + bb[i]! / meanB) / 2;
    squares += (ab[i]! / (norms[0] * norms[1]) - value * along) ** 2;
  }
  const standardError = Math.sqrt(squares) / aa.length;
  return { value, standardError, norms, product, largestShare, trusted };
}

function meanOf(entries: Float64Array): number {
  let sum = 0;
  for (const entry of entries) sum += entry;
  return sum / entries.length;
}

/** The largest entry as a part of the sum, signs aside; 0 when all are 0. */
function shareOf(entries: Float64Array): number {
  let [sum, largest] = [0, 0];
  for (const entry of entries) {
    sum += Math.abs(entry);
    largest = Math.max(largest, Math.abs(entry));
  }
  return sum === 0 ? 0 : largest / sum;
}

function drawn(
  random: Random,
  shape: readonly [count: number, positions: number, dIn: number],
  substitution: Substitution | undefined,
): Tensor {
  const rows = shape[0] * shape[1];
  const rank = substitution ? substitution.factor.shape[1] : shape[2];
  const w = Float64Array.from({ length: rows * rank }, () => random.normal());
  if (!substitution) return { shape, data: w };
  const { data } = product({ shape: [rows, rank], data: w }, transpose(substitution.factor));
  for (let i = 0; i < data.length; i++) data[i]! += substitution.mean[i % shape[2]]!;
  return { shape, data };
}
