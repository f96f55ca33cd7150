import { checkNetwork, type Network, type Parameter, parameters } from "../../model/index.ts";
import { type EngineInfo, ShapeError } from "../../tensor/index.ts";
import { checkSlice } from "../comparison.ts";
import type { WeightOptions } from "../options.ts";
import { algorithm, type Provenance } from "../provenance.ts";
import type { NamedNetwork, Sequence } from "../series.ts";
import type { Held, Pairing } from "../sweep/pairing.ts";

/** The parameters of a network, one after the other. */
export interface LoadedWeights extends Held {
  readonly weights: Float64Array;
}

/** The engine of what is summed in plain loops. */
export const loops: EngineInfo = {
  name: "loops",
  precisions: ["float64"],
  threads: 1,
  deterministic: true,
};

/** What the cosine of bare weights is exact for. */
export const weightsExactFor: string =
  "the weights as they are stored: a change that no input could notice counts like any other";

/** As `prepare`, for bare weights: their inner product is a sum in plain loops. */
export async function prepareWeights(
  sequence: Sequence,
  options: WeightOptions,
): Promise<{ readonly pairing: Pairing<LoadedWeights>; readonly provenance: Provenance }> {
  options.signal?.throwIfAborted();
  const known = await sequence.known();
  const first = known[0]!;
  const { dOut } = checkNetwork(first.network, first.name);
  const slice = checkSlice(options.slice ?? null, dOut);
  for (const found of known) checkAgainst(found, first);
  return {
    pairing: {
      length: sequence.length,
      async load(index) {
        const found = await sequence.at(index);
        checkAgainst(found, first);
        const weights = slice === null ? allOf(found.network) : rowOf(found.network, slice);
        return {
          weights,
          bytes: weights.byteLength,
          rounding: Number.NEGATIVE_INFINITY,
          release() {},
        };
      },
      async row({ weights }, bs) {
        const slices = Float64Array.from(bs, (b) => dot(weights, b.weights));
        return { slices, exponents: new Int32Array(bs.length) };
      },
      batch: ({ weights }) => Math.ceil(1e8 / weights.length),
      lanes: 1,
    },
    provenance: {
      metric: "weight cosine",
      exact: true,
      exactFor: weightsExactFor,
      precision: "float64",
      engine: loops,
      algorithm,
      slice,
    },
  };
}

function checkAgainst(found: NamedNetwork, first: NamedNetwork): void {
  checkNetwork(found.network, found.name);
  const expected = parameters(first.network).map(describe);
  const is = parameters(found.network).map(describe);
  for (let k = 0; k < Math.max(expected.length, is.length); k++) {
    if (expected[k] === is[k]) continue;
    throw new ShapeError(
      `Cannot compare the weights of "${found.name}" with "${first.name}": expected ${expected[k] ?? "no more tensors"}, found ${is[k] ?? "no more tensors"}`,
    );
  }
}

function describe({ layer, name, shape }: Parameter): string {
  return `${name} of layer ${layer} of shape [${shape.join(", ")}]`;
}

function allOf(network: Network): Float64Array {
  const all = parameters(network);
  const weights = new Float64Array(all.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (const { data } of all) {
    weights.set(data, at);
    at += data.length;
  }
  return weights;
}

/** The row of the last layer's weights that makes an output. */
function rowOf(network: Network, slice: number): Float64Array {
  const layer = network.layers.at(-1)!;
  const { shape, data } =
    layer.kind === "linear" ? layer.weight : layer.kind === "bilinear" ? layer.down : layer.output;
  return Float64Array.from(data.subarray(slice * shape[1], (slice + 1) * shape[1]));
}

/** Σ a_i b_i in ascending order. */
function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
