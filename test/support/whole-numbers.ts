import type { AttentionLayer, BilinearLayer, Network } from "../../src/model/index.ts";
import { matrix } from "../../src/tensor/index.ts";
import { layer } from "./networks.ts";

export const two = (entries: readonly number[]) => matrix(2, 2, entries);

/** Three units, whose numbers are all different. */
export const three: BilinearLayer = layer([1, 3, 1], [1, 2, 3], [4, 5, 6], [7, 8, 9]);
/** Networks of a few small whole numbers, so that what a change does can be read off. */
export const units: BilinearLayer = layer([1, 3, 1], [1, 2, 3], [4, 5, 6], [7, 14, -7]);

export const stack: Network = {
  layers: [
    { kind: "linear", weight: two([1, 2, 3, 4]), bias: Float64Array.of(5, 6) },
    { ...layer([2, 1, 2], [1, 1], [1, -1], [1, 2]), residual: 1, gain: 0.5 },
    { kind: "linear", weight: matrix(1, 2, [1, 1]) },
  ],
};

/** Two heads of width 1: rows of the tensors are heads. */
export const heads: AttentionLayer = {
  kind: "attention",
  heads: 2,
  query1: two([1, 2, 3, 4]),
  key1: two([5, 6, 7, 8]),
  query2: two([-1, -2, -3, -4]),
  key2: two([-5, -6, -7, -8]),
  value: two([10, 20, 30, 40]),
  output: two([50, 60, 70, 80]),
  query1Bias: Float64Array.of(1, 2),
};

export const attention: Network = { layers: [heads], nContext: 2 };
export const one = (entry: number) => matrix(1, 1, [entry]);
/** The layer a change has left in place `k`. */
export const bilinearOf = ({ layers }: Network, k = 0) => layers[k] as BilinearLayer;
export const headsIn = ({ layers }: Network) => layers[0] as AttentionLayer;
