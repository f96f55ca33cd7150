import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eigenpairs, singularValues } from "../../src/analysis/decomposition.ts";
import {
  frequencies,
  interactionMatrix,
  interactionSpectrum,
  type TuckerMode,
  tucker,
} from "../../src/analysis/index.ts";
import { type BilinearLayer, type Network, outputs } from "../../src/model/index.ts";
import { jsDivergence } from "../../src/similarity/index.ts";
import { swapSides } from "../../src/symmetry/index.ts";
import { type Matrix, matrix, product, transpose } from "../../src/tensor/index.ts";
import { layer, matrices, networks } from "../support/networks.ts";
import { cases, expectAllClose, expectClose, matrixOf } from "../support/vectors.ts";

const quadratic = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 3 }))
  .chain(([dIn, dOut]) => networks(["bilinear"], dIn, dOut, { biases: false, residual: false }));

function plain(network: Network): BilinearLayer {
  return network.layers[0] as BilinearLayer;
}

/** T[o, i, j] of a layer, summed by its definition. */
function tensorOf(network: Network): (o: number, i: number, j: number) => number {
  const { left, right, down, gain = 1 } = plain(network);
  const [hidden, dIn] = left.shape;
  return (o, i, j) => {
    let sum = 0;
    for (let h = 0; h < hidden; h++) {
      const weight = gain * down.data[o * hidden + h]!;
      sum += weight * left.data[h * dIn + i]! * right.data[h * dIn + j]!;
    }
    return sum;
  };
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

describe("compared with the independent implementation", () => {
  type Input = Record<"D" | "L" | "R" | "D2" | "L2" | "R2", number[][]> & { P: number };
  type Expected = {
    rows: number[][];
    marginal: number[];
    tucker_effective_ranks: number[];
    js_frequency_sum: number;
  };
  const { input, expected } = cases<Input, Expected>("baselines").find(
    (one) => "marginal" in one.expected,
  )!;
  const network = (L: number[][], R: number[][], D: number[][]): Network => ({
    layers: [{ kind: "bilinear", left: matrixOf(L), right: matrixOf(R), down: matrixOf(D) }],
  });
  const a = network(input.L, input.R, input.D);
  const b = network(input.L2, input.R2, input.D2);

  test("frequencies", async () => {
    const found = await frequencies(a);
    expect(found.shape).toEqual([input.P, expected.marginal.length]);
    expectAllClose(found.data, expected.rows.flat());
    expectAllClose(found.marginal, expected.marginal);
  });

  test("JS divergence of frequency rows", async () => {
    const [p, q] = await Promise.all([frequencies(a), frequencies(b)]);
    const rows = jsDivergence(p, q);
    expectClose(
      rows.reduce((sum, row) => sum + row, 0),
      expected.js_frequency_sum,
    );
  });

  test("Tucker effective ranks", () => {
    const { output, left, right } = tucker(a);
    expectAllClose(
      [output, left, right].map(({ effectiveRank }) => effectiveRank),
      expected.tucker_effective_ranks,
    );
  });
});

describe("interactions", () => {
  test("the matrix is the quadratic part of an output", () => {
    fc.assert(
      fc.property(quadratic, fc.integer(), (network, seed) => {
        const [dIn, dOut] = [plain(network).left.shape[1], plain(network).down.shape[0]];
        const x = matrix(
          1,
          dIn,
          Float64Array.from(range(dIn), (i) => ((seed >> i) & 3) - 1),
        );
        const y = outputs(network, x);
        for (const o of range(dOut)) {
          const form = product(product(x, interactionMatrix(network, o)), transpose(x));
          expect(form.data[0]).toBe(y.data[o]);
        }
      }),
    );
  });

  test("a direction of outputs has the same combination of matrices", () => {
    fc.assert(
      fc.property(quadratic, (network) => {
        const dOut = plain(network).down.shape[0];
        const direction = range(dOut).map((o) => o - 1);
        const sum = range(dOut)
          .map((o) => interactionMatrix(network, o).data.map((entry) => (o - 1) * entry))
          .reduce((total, one) => total.map((entry, at) => entry + one[at]!));
        expect(interactionMatrix(network, direction).data.map((entry) => entry + 0)).toEqual(
          sum.map((entry) => entry + 0),
        );
      }),
    );
  });

  test("the spectrum is the matrix again, in orthonormal vectors, the largest first", () => {
    fc.assert(
      fc.property(quadratic, (network) => {
        const { values, vectors } = interactionSpectrum(network, 0);
        const [hidden, dIn] = plain(network).left.shape;
        expect(values.length).toBe(Math.min(dIn, 2 * hidden));
        const scaled = matrix(
          ...vectors.shape,
          vectors.data.map((entry, at) => entry * values[Math.floor(at / dIn)]!),
        );
        const again = product(transpose(scaled), vectors).data;
        const form = interactionMatrix(network, 0).data;
        for (const at of range(form.length)) expect(again[at]).toBeCloseTo(form[at]!, 11);
        const sizes = Array.from(values, Math.abs);
        expect(sizes).toEqual([...sizes].sort((x, y) => y - x));
        const gram = product(vectors, transpose(vectors)).data;
        for (const at of range(gram.length)) {
          expect(gram[at]).toBeCloseTo(at % (values.length + 1) === 0 ? 1 : 0, 12);
        }
      }),
    );
  });

  test("x₀ x₁ has eigenvalues ±½ along (1, 1) and (1, −1)", () => {
    const product2: Network = { layers: [layer([2, 1, 1], [1, 0], [0, 1], [1])] };
    const { values, vectors } = interactionSpectrum(product2, 0);
    const r = expect.closeTo(Math.SQRT1_2, 14);
    expect(Array.from(values, Math.abs)).toEqual([1, 1].map((one) => expect.closeTo(one / 2, 14)));
    expect(Array.from(vectors.data, Math.abs)).toEqual([r, r, r, r]);
    const positive = values[0]! > 0 ? 0 : 1;
    expect(vectors.data[2 * positive]! * vectors.data[2 * positive + 1]!).toBeGreaterThan(0);
  });

  test("what does not fit is named", () => {
    const network: Network = { layers: [layer([1, 1, 2], [1], [1], [1, 1])] };
    expect(() => interactionMatrix(network, 2)).toThrow(
      "Cannot take the interactions of output 2: expected an output from 0 to 1, found 2",
    );
    expect(() => interactionSpectrum(network, [1])).toThrow(
      "Cannot take the interactions of a direction: expected 2 entries, one for each output, found 1",
    );
    expect(() => interactionMatrix(network, [1, Number.NaN])).toThrow(
      "Cannot take the interactions of a direction: expected finite numbers, found NaN at [1]",
    );
  });
});

describe("frequencies", () => {
  /** Class c of modular addition by cosines: Σ_f w_f cos 2πf(a + b − c)/p = real part of products. */
  function cosines(p: number, weights: ReadonlyMap<number, number>): Network {
    const [left, right, down]: number[][][] = [[], [], range(p).map(() => [])];
    for (const [f, weight] of weights) {
      const wave = (shape: (angle: number) => number) =>
        range(p).map((j) => shape((2 * Math.PI * f * j) / p));
      const zero = range(p).map(() => 0);
      const [cos, sin] = [wave(Math.cos), wave(Math.sin)];
      const units: [number[], number[], (c: number) => number][] = [
        [cos, cos, (c) => Math.cos((2 * Math.PI * f * c) / p)],
        [sin, sin, (c) => -Math.cos((2 * Math.PI * f * c) / p)],
        [sin, cos, (c) => Math.sin((2 * Math.PI * f * c) / p)],
        [cos, sin, (c) => Math.sin((2 * Math.PI * f * c) / p)],
      ];
      for (const [x, y, share] of units) {
        left!.push([...x, ...zero]);
        right!.push([...zero, ...y]);
        for (const c of range(p)) down![c]!.push(weight * share(c));
      }
    }
    return {
      layers: [
        {
          kind: "bilinear",
          left: matrixOf(left!),
          right: matrixOf(right!),
          down: matrixOf(down!),
        },
      ],
    };
  }

  test("a network that adds by one frequency has that one only", async () => {
    const { shape, marginal, data } = await frequencies(cosines(11, new Map([[3, 2]])));
    expect(shape).toEqual([11, 6]);
    expectAllClose(marginal, [0, 0, 0, 11, 0, 0], 1e-10);
    expectAllClose(data.slice(0, 6), [0, 0, 0, 1, 0, 0], 1e-10);
  });

  test("four eigenvectors are the strongest frequency, more take in the next", async () => {
    const network = cosines(7, new Map([[1, 1], [2, 3]])); // biome-ignore format: pairs
    expectAllClose((await frequencies(network)).marginal, [0, 0, 7, 0], 1e-10);
    const { marginal } = await frequencies(network, { vectors: 8 });
    expectAllClose(marginal, [0, 7 / 4, 21 / 4, 0], 1e-10);
  });

  test("a class that is 0 has a row of 0", async () => {
    const network: Network = {
      layers: [layer([4, 1, 2], [1, 1, 0, 0], [0, 0, 1, 1], [1, 0])],
    };
    const { data, marginal } = await frequencies(network);
    expectAllClose(data, [1, 0, 0, 0]);
    expectAllClose(marginal, [1, 0]);
  });

  test("progress is told, and an abort heard between classes", async () => {
    const stop = new AbortController();
    const told: [number, number][] = [];
    const reason = new Error("enough");
    const run = frequencies(cosines(5, new Map([[1, 1]])), {
      signal: stop.signal,
      progress: (done, total) => {
        told.push([done, total]);
        if (done === 2) stop.abort(reason);
      },
    });
    await expect(run).rejects.toBe(reason);
    expect(told).toEqual([
      [1, 5],
      [2, 5],
    ]);
    await expect(frequencies(cosines(5, new Map([[1, 1]])), { signal: stop.signal })).rejects.toBe(
      reason,
    );
  });

  test("what does not fit is named", async () => {
    const odd: Network = { layers: [layer([3, 1, 1], [1, 1, 1], [1, 1, 1], [1])] };
    await expect(frequencies(odd)).rejects.toThrow(
      "Cannot take the frequencies of a network: expected the one-hots of two numbers, an even number of inputs, found 3",
    );
    await expect(frequencies(cosines(3, new Map([[1, 1]])), { vectors: 0 })).rejects.toThrow(
      "Cannot take the frequencies of 0 eigenvectors: expected a whole number of at least 1",
    );
  });
});

describe("Tucker effective ranks", () => {
  /** By the definition: the three unfoldings of a tensor that is built. */
  function unfolded(network: Network, symmetrise: boolean): Matrix[] {
    const { left, down } = plain(network);
    const [dIn, dOut] = [left.shape[1], down.shape[0]];
    const t = tensorOf(network);
    const at = (o: number, i: number, j: number) =>
      symmetrise ? (t(o, i, j) + t(o, j, i)) / 2 : t(o, i, j);
    const [os, is] = [range(dOut), range(dIn)];
    return [
      matrixOf(os.map((o) => is.flatMap((i) => is.map((j) => at(o, i, j))))),
      matrixOf(is.map((i) => os.flatMap((o) => is.map((j) => at(o, i, j))))),
      matrixOf(is.map((j) => os.flatMap((o) => is.map((i) => at(o, i, j))))),
    ];
  }

  test.for([false, true])("are those of the unfolded tensor (symmetrise: %o)", (symmetrise) => {
    fc.assert(
      fc.property(quadratic, (network) => {
        const found = tucker(network, { symmetrise });
        const modes: TuckerMode[] = [found.output, found.left, found.right];
        for (const [k, table] of unfolded(network, symmetrise).entries()) {
          const expected = singularValues(table);
          const { singularValues: values, effectiveRank } = modes[k]!;
          for (const i of range(Math.max(values.length, expected.length))) {
            expect(values[i] ?? 0).toBeCloseTo(expected[i] ?? 0, 6);
          }
          const sum = expected.reduce((total, value) => total + value, 0);
          const entropy = Array.from(expected, (value) => value / sum)
            .filter((share) => share > 1e-13)
            .reduce((total, share) => total - share * Math.log(share), 0);
          expect(effectiveRank).toBeCloseTo(sum === 0 ? 0 : Math.exp(entropy), 5);
        }
      }),
    );
  });

  test("of equal parts are their number, of one part 1, of none 0", () => {
    const ones: Network = { layers: [layer([2, 2, 2], [1, 0, 0, 1], [1, 0, 0, 1], [1, 0, 0, 1])] };
    const ranks = (network: Network) =>
      Object.values(tucker(network)).map(({ effectiveRank }) => effectiveRank);
    expect(ranks(ones)).toEqual([2, 2, 2].map((rank) => expect.closeTo(rank, 12)));
    const one: Network = { layers: [layer([2, 2, 2], [1, 1, 0, 0], [1, 0, 0, 1], [1, 0, 2, 0])] };
    expect(ranks(one)).toEqual([1, 1, 1].map((rank) => expect.closeTo(rank, 12)));
    const none: Network = { layers: [layer([2, 1, 1], [0, 0], [1, 1], [1])] };
    expect(ranks(none)).toEqual([0, 0, 0]);
    const cancelled: Network = { layers: [layer([1, 2, 1], [2, -3], [3, -1], [1, -2])] };
    expect(ranks(cancelled)).toEqual([0, 0, 0]);
  });

  test("symmetrised they do not see which side a hidden unit's factors are on", () => {
    const network: Network = {
      layers: [layer([3, 2, 1], [1, 0, 0, 0, 1, 0], [0, 1, 0, 0, 0, 1], [1, 2])],
    };
    const swapped = swapSides(network, [true, false]);
    expect(tucker(swapped).left.effectiveRank).not.toBeCloseTo(
      tucker(network).left.effectiveRank,
      3,
    );
    const [before, after] = [network, swapped].map((one) => tucker(one, { symmetrise: true }));
    expect(after!.left.effectiveRank).toBeCloseTo(before!.left.effectiveRank, 10);
    expect(before!.right.effectiveRank).toBeCloseTo(before!.left.effectiveRank, 10);
  });
});

describe("decompositions", () => {
  test("eigenvalues of whole numbers: sums are the trace and the squared norm", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }).chain((n) => matrices(n, n)),
        (a) => {
          const gram = product(a, transpose(a));
          const { values } = eigenpairs(gram);
          const trace = values.reduce((sum, value) => sum + value, 0);
          expect(trace).toBeCloseTo(
            Float64Array.from(a.data).reduce((sum, entry) => sum + entry * entry, 0),
            9,
          );
          const roots = Array.from(values, (value) => Math.sqrt(Math.max(value, 0)));
          for (const [k, value] of singularValues(a).entries()) {
            expect(value).toBeCloseTo(roots[k]!, 5);
          }
        },
      ),
    );
  });

  test("singular values of a wide and of a tall matrix are the same", () => {
    const wide = matrix(2, 3, [3, 0, 0, 0, 4, 0]);
    for (const one of [wide, transpose(wide)]) {
      expect([...singularValues(one)]).toEqual([4, 3].map((value) => expect.closeTo(value, 14)));
    }
  });
});
