import { type Matrix, matrix, type Numbers, transpose } from "../../tensor/index.ts";
import type { AttentionLayer, BilinearLayer, Layer, Weights } from "../network.ts";
import type { AffineSource, AttentionSource, BilinearSource, LayerSource } from "./source.ts";

/** Reads the tensors of one layer. */
export function builtLayer(weights: Weights, source: LayerSource): Layer {
  if (source.kind === "bilinear") return bilinearLayer(weights, source);
  if (source.kind === "attention") return attentionLayer(weights, source);
  const bias = biasOf(weights, source.affine);
  const weight = weightOf(weights, source.affine.weight, source.transpose);
  return { kind: "linear", weight, ...(bias && { bias }) };
}

function bilinearLayer(weights: Weights, source: BilinearSource): BilinearLayer {
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

function attentionLayer(weights: Weights, source: AttentionSource): AttentionLayer {
  const { heads, mask, rotaryBase, residual, gain, transpose: turned } = source;
  // The two scores of quadratic attention share their tensors, in memory as well.
  const read = new Map<string, Matrix>();
  const leg = (name: string): Matrix => {
    const known = read.get(name) ?? weightOf(weights, name, turned);
    read.set(name, known);
    return known;
  };
  const biases = (["query1", "key1", "query2", "key2"] as const).flatMap((score) => {
    const bias = biasOf(weights, source[score]);
    return bias ? [[`${score}Bias`, bias]] : [];
  });
  return {
    kind: "attention",
    heads,
    query1: leg(source.query1.weight),
    key1: leg(source.key1.weight),
    query2: leg(source.query2.weight),
    key2: leg(source.key2.weight),
    value: leg(source.value),
    output: leg(source.output),
    ...Object.fromEntries(biases),
    mask,
    ...(rotaryBase !== undefined && { rotaryBase }),
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

function sidesOf(weights: Weights, source: BilinearSource): Sides {
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
