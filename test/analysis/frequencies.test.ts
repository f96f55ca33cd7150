import { describe, expect, test } from "vitest";
import { frequencies } from "../../src/analysis/index.ts";
import type { Network } from "../../src/model/index.ts";
import { layer } from "../support/networks.ts";
import { range } from "../support/quadratic.ts";
import { expectAllClose, matrixOf } from "../support/vectors.ts";

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
