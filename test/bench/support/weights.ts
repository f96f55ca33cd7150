import type { Matrix } from "../../../src/tensor/index.ts";
import { matrix } from "../../../src/tensor/index.ts";

/** Sizes of a series of one-layer networks: h hidden units, d inputs, c outputs, N checkpoints. */
export interface SeriesSizes {
  readonly count: number;
  readonly hidden: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** The checkpoints of the modular addition run: 90 steps, p = 113. */
export const modularAddition: SeriesSizes = { count: 90, hidden: 64, inputs: 226, outputs: 113 };

function mix(x: number): number {
  let y = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  y = Math.imul(y ^ (y >>> 15), 0x846ca68b);
  return (y ^ (y >>> 16)) >>> 0;
}

/** Tensor `t` of checkpoint `m`, as peer_bench.py draws it: uniform, scaled by 2/√columns. */
function draw(m: number, t: number, rows: number, columns: number): Matrix {
  const seed = mix((1 + 7919 * m + 104729 * t) >>> 0);
  const factor = 2 / Math.sqrt(columns);
  const data = Float64Array.from({ length: rows * columns }, (_, i) => {
    return (mix((Math.imul(i, 0x9e3779b1) ^ seed) >>> 0) / 2 ** 32 - 0.5) * factor;
  });
  return matrix(rows, columns, data);
}

export interface BilinearWeights {
  readonly left: Matrix;
  readonly right: Matrix;
  readonly down: Matrix;
}

/**
 * The tensors peer_bench.py makes of these shapes with seed 1, number for number: checkpoint m is
 * (1 − s)·W₀ + s·W_m with s = m/(N − 1), a path that starts where all start.
 */
export function peerTensors(
  shapes: readonly (readonly [rows: number, columns: number])[],
  count: number,
): Matrix[][] {
  const base = shapes.map(([rows, columns], t) => draw(0, t, rows, columns));
  return Array.from({ length: count }, (_, m) => {
    const s = count > 1 ? m / (count - 1) : 0;
    return shapes.map(([rows, columns], t) => {
      const own = draw(m, t, rows, columns).data;
      const data = base[t]!.data.map((x, i) => (1 - s) * x + s * own[i]!);
      return matrix(rows, columns, data);
    });
  });
}

/** The networks of one bilinear layer that peer_bench.py makes of these sizes. */
export function peerSeries({ count, hidden, inputs, outputs }: SeriesSizes): BilinearWeights[] {
  const shapes = [
    [hidden, inputs],
    [hidden, inputs],
    [outputs, hidden],
  ] as const;
  return peerTensors(shapes, count).map(([left, right, down]) => ({
    left: left!,
    right: right!,
    down: down!,
  }));
}
