import type {
  AttentionLayer,
  BilinearLayer,
  Layer,
  LinearLayer,
  Network,
} from "../../src/model/index.ts";
import { type Matrix, matrix, Random } from "../../src/tensor/index.ts";

/** Draws layers of normal weights, variance one over the inputs; with biases unless told otherwise. */
export class Drawn {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  /** The network of the layers that `layers` draws; positions make it one of sequences. */
  static of(seed: number, layers: (draw: Drawn) => readonly Layer[], nContext?: number): Network {
    const drawn = layers(new Drawn(seed));
    return nContext === undefined ? { layers: drawn } : { layers: drawn, nContext };
  }

  numbers(length: number, scale = 1): Float64Array {
    return Float64Array.from({ length }, () => scale * this.#random.normal());
  }

  matrix(rows: number, columns: number): Matrix {
    return matrix(rows, columns, this.numbers(rows * columns, 1 / Math.sqrt(columns)));
  }

  linear(dIn: number, dOut: number, { bias = false } = {}): LinearLayer {
    return {
      kind: "linear",
      weight: this.matrix(dOut, dIn),
      ...(bias ? { bias: this.numbers(dOut, 0.5) } : {}),
    };
  }

  bilinear(
    [dIn, hidden, dOut]: readonly [number, number, number],
    settings: Partial<BilinearLayer> = {},
    biases = true,
  ): BilinearLayer {
    return {
      kind: "bilinear",
      left: this.matrix(hidden, dIn),
      right: this.matrix(hidden, dIn),
      down: this.matrix(dOut, hidden),
      ...(biases
        ? {
            leftBias: this.numbers(hidden, 0.5),
            rightBias: this.numbers(hidden, 0.5),
            downBias: this.numbers(dOut, 0.5),
          }
        : {}),
      ...settings,
    };
  }

  /** As many outputs as inputs. */
  attention(
    wire: number,
    heads: number,
    width: number,
    settings: Partial<AttentionLayer> = {},
    biases = true,
  ): AttentionLayer {
    const rows = heads * width;
    return {
      kind: "attention",
      heads,
      query1: this.matrix(rows, wire),
      key1: this.matrix(rows, wire),
      query2: this.matrix(rows, wire),
      key2: this.matrix(rows, wire),
      value: this.matrix(rows, wire),
      output: this.matrix(wire, rows),
      ...(biases
        ? {
            query1Bias: this.numbers(rows, 0.5),
            key1Bias: this.numbers(rows, 0.5),
            query2Bias: this.numbers(rows, 0.5),
            key2Bias: this.numbers(rows, 0.5),
          }
        : {}),
      ...settings,
    };
  }
}

/** Units 0, 2 and 5 write multiples of one vector, units 1 and 3 of another. */
export function withParallelUnits(layer: BilinearLayer): BilinearLayer {
  const [dOut, hidden] = layer.down.shape;
  const data = Float64Array.from(layer.down.data);
  for (let o = 0; o < dOut; o++) {
    data[o * hidden + 2] = -2 * data[o * hidden]!;
    data[o * hidden + 5] = 0.3 * data[o * hidden]!;
    data[o * hidden + 3] = data[o * hidden + 1]!;
  }
  return { ...layer, down: { ...layer.down, data } };
}

/** The second direction of head 0 is not written to the outputs. */
export function withDeadDirection(layer: AttentionLayer): AttentionLayer {
  const width = layer.output.shape[1];
  const data = layer.output.data.map((entry, i) => (i % width === 1 ? 0 : entry));
  return { ...layer, output: { ...layer.output, data } };
}
