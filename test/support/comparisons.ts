import { type BilinearLayer, type Layer, type Network, outputs } from "../../src/model/index.ts";
import {
  linearCka,
  type Metric,
  outputCosine,
  predictionDivergence,
  similarity,
  weightCosine,
} from "../../src/similarity/index.ts";
import { identity, type Matrix, matrix, Random, type Tensor } from "../../src/tensor/index.ts";

/** What compares two networks: a metric, or a number of their weights, hidden units or outputs. */
export type Comparison =
  | Metric
  | "weight cosine"
  | "CKA of hidden units"
  | "CKA of outputs"
  | "output cosine (mean)"
  | "output cosine (global)"
  | "JS divergence";

/** How similar two networks are, by one of all comparisons. */
export async function compare(comparison: Comparison, a: Network, b: Network): Promise<number> {
  switch (comparison) {
    case "weight cosine":
      return (await weightCosine(a, b)).value;
    case "CKA of hidden units":
      return linearCka(hidden(a), hidden(b)).value;
    case "CKA of outputs":
      return linearCka(answers(a), answers(b)).value;
    case "output cosine (mean)":
      return outputCosine(answers(a), answers(b)).value;
    case "output cosine (global)":
      return outputCosine(answers(a), answers(b), { average: "global" }).value;
    case "JS divergence":
      return predictionDivergence(answers(a), answers(b)).value;
    default:
      return (await similarity(a, b, { metric: comparison })).value;
  }
}

/** What every layer that is not linear multiplies, side by side: hidden products, heads before their output. */
function hidden(network: Network): Matrix {
  const features = network.layers.flatMap((layer, k) => {
    const before = network.layers.slice(0, k);
    const upTo = (last: Layer) => [answers({ ...network, layers: [...before, last] })];
    if (layer.kind === "linear") return [];
    if (layer.kind === "attention") {
      return upTo({ ...layer, output: identity(layer.query1.shape[0]), residual: 0, gain: 1 });
    }
    const { downBias, ...products } = layer;
    return upTo({ ...products, down: identity(layer.left.shape[0]), residual: 0, gain: 1 });
  });
  const rows = features[0]!.shape[0]! * features[0]!.shape[1]!;
  const row = ({ shape, data }: Tensor, i: number) => {
    const width = shape.at(-1)!;
    return [...data.subarray(i * width, (i + 1) * width)];
  };
  const table = Array.from({ length: rows }, (_, i) => features.flatMap((one) => row(one, i)));
  return matrix(rows, table[0]!.length, table.flat());
}

/** Outputs of a network for twelve normal inputs. */
function answers(network: Network): Tensor {
  const { nContext = 1, layers } = network;
  const [first] = layers as [Layer];
  const dIn = (first.kind === "linear" ? first.weight : (first as BilinearLayer).left).shape[1];
  const random = new Random(3);
  const data = Float64Array.from({ length: 12 * nContext * dIn }, () => random.normal());
  return outputs(network, { shape: [12, nContext, dIn], data });
}
