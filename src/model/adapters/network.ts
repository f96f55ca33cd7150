import { type Matrix, matrix, type Numbers, transpose } from "../../tensor/index.ts";
import type { Layer, Network, Weights } from "../network.ts";
import { type Adapter, AdapterError } from "./adapter.ts";
import { adapters } from "./builtin.ts";
import { type Fit, fitAdapter } from "./fit.ts";
import type { AffineSource, LayerSource } from "./fitting.ts";
import type { WeightShapes } from "./scope.ts";

/**
 * The network that `weights` hold, read by `adapter`, or by the first of `adapters` that fits.
 *
 * @throws {AdapterError} when the adapter, or every adapter, does not fit: names the tensors that are
 * missing, left over or of the wrong shape, for the nearest adapter
 */
export function networkFrom(weights: Weights, adapter?: Adapter): Network {
  return builtNetwork(weights, chosenFit(weights, adapter));
}

/**
 * The fit by which `networkFrom` reads these weights; reads no numbers.
 *
 * @throws {AdapterError} as `networkFrom`
 */
export function chosenFit(weights: WeightShapes, adapter?: Adapter): Fit {
  const fits = (adapter === undefined ? adapters : [adapter]).map((candidate) =>
    fitAdapter(weights, candidate),
  );
  const chosen = fits.find((fit) => fit.fits);
  if (chosen !== undefined) return chosen;
  if (weights.names.length === 0) {
    throw new AdapterError(
      `Cannot make a network of ${weights.source}: expected tensors, found none`,
    );
  }
  const nearest = fits.reduce((best, fit) => (nearer(fit, best) ? fit : best));
  const claim =
    adapter === undefined
      ? `no adapter fits; the nearest is "${nearest.adapter.name}"`
      : `adapter "${adapter.name}" does not fit`;
  throw new AdapterError(
    `Cannot make a network of ${weights.source}: ${claim}: ${differences(nearest)}`,
  );
}

/** Reads the tensors of a fit into a network. */
export function builtNetwork(weights: Weights, fit: Fit): Network {
  return { layers: fit.layers.map((layer) => layerFrom(weights, layer)) };
}

/** The adapter that knows more of the names is nearer, then the one with less to complain of. */
function nearer(a: Fit, b: Fit): boolean {
  const complaints = (fit: Fit): number =>
    fit.missing.length + fit.unused.length + fit.wrong.length;
  if (a.used.length !== b.used.length) return a.used.length > b.used.length;
  return complaints(a) < complaints(b);
}

function differences(fit: Fit): string {
  const shown = (names: readonly string[]): string =>
    names.length > 8
      ? `${names.slice(0, 8).join(", ")} and ${names.length - 8} more`
      : names.join(", ");
  const parts: string[] = [];
  if (fit.missing.length > 0) parts.push(`missing ${shown(fit.missing)}`);
  if (fit.unused.length > 0) parts.push(`not used ${shown(fit.unused)}`);
  const wrong = fit.wrong.map((one) => `${one.name} expected ${one.expected}, found ${one.found}`);
  if (wrong.length > 0) parts.push(`wrong shape ${shown(wrong)}`);
  return parts.length > 0 ? parts.join("; ") : "it describes no layer that is there";
}

function layerFrom(weights: Weights, source: LayerSource): Layer {
  if (source.kind === "linear") {
    const bias = biasOf(weights, source.affine);
    const weight = weightOf(weights, source.affine.weight, source.transpose);
    return { kind: "linear", weight, ...(bias && { bias }) };
  }
  const { residual, gain } = source;
  const downBias = biasOf(weights, source.down);
  return {
    kind: "bilinear",
    ...sidesOf(weights, source),
    down: weightOf(weights, source.down.weight, source.transpose),
    ...(downBias && { downBias }),
    residual,
    gain,
  };
}

interface Sides {
  readonly left: Matrix;
  readonly right: Matrix;
  readonly leftBias?: Numbers;
  readonly rightBias?: Numbers;
}

function sidesOf(weights: Weights, source: Extract<LayerSource, { kind: "bilinear" }>): Sides {
  const { input, transpose: turned } = source;
  if ("packed" in input) {
    const both = asMatrix(weights, input.packed.weight);
    const [left, right] = halves(both, input.axis).map((half) =>
      turned ? transpose(half) : half,
    ) as [Matrix, Matrix];
    const bias = biasOf(weights, input.packed);
    if (bias === undefined) return { left, right };
    const m = bias.length / 2;
    return { left, right, leftBias: bias.slice(0, m), rightBias: bias.slice(m) };
  }
  const leftBias = biasOf(weights, input.left);
  const rightBias = biasOf(weights, input.right);
  return {
    left: weightOf(weights, input.left.weight, turned),
    right: weightOf(weights, input.right.weight, turned),
    ...(leftBias && { leftBias }),
    ...(rightBias && { rightBias }),
  };
}

function biasOf(weights: Weights, affine: AffineSource): Numbers | undefined {
  return affine.bias === undefined ? undefined : weights.tensor(affine.bias).data;
}

function weightOf(weights: Weights, name: string, turned: boolean): Matrix {
  const weight = asMatrix(weights, name);
  return turned ? transpose(weight) : weight;
}

function asMatrix(weights: Weights, name: string): Matrix {
  const { shape, data } = weights.tensor(name);
  return matrix(shape[0]!, shape[1]!, data);
}

function halves(a: Matrix, axis: 0 | 1): [Matrix, Matrix] {
  const [rows, columns] = a.shape;
  if (axis === 0) {
    const middle = (rows / 2) * columns;
    return [
      matrix(rows / 2, columns, a.data.slice(0, middle)),
      matrix(rows / 2, columns, a.data.slice(middle)),
    ];
  }
  const [first, second] = halves(transpose(a), 0);
  return [transpose(first), transpose(second)];
}
