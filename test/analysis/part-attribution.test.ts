import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { partAttribution, ranked } from "../../src/analysis/index.ts";
import {
  type AttentionLayer,
  type BilinearLayer,
  type Layer,
  type Network,
  randomBilinear,
} from "../../src/model/index.ts";
import { distance } from "../../src/similarity/index.ts";
import { type Matrix, matrix } from "../../src/tensor/index.ts";
import { layer, matrices } from "../support/networks.ts";

function sum(parts: Iterable<number>): number {
  return [...parts].reduce((total, part) => total + part, 0);
}

/** Embedding, two bilinear layers, head; every wire of 3. */
function stack(seed: number, residual?: number): Network {
  const [first, second] = [0, 1].map((k): BilinearLayer => {
    const { layers } = randomBilinear({ dIn: 3, dHidden: 4, dOut: 3, seed: 10 * seed + k });
    return { ...(layers[0] as BilinearLayer), ...(residual !== undefined && { residual }) };
  });
  const embed = (first!.left.data as Float64Array).slice(0, 9);
  const head = (second!.right.data as Float64Array).slice(0, 6);
  return {
    layers: [
      { kind: "linear", weight: matrix(3, 3, embed) },
      first!,
      second!,
      { kind: "linear", weight: matrix(2, 3, head) },
    ],
  };
}

/** Two heads of width 2 on a wire of 4, over two positions. */
function attending(seed: number): Network {
  const data = randomBilinear({ dIn: 4, dHidden: 4, dOut: 20, seed });
  const { left, right, down } = data.layers[0] as BilinearLayer;
  const part = (k: number): Matrix => matrix(4, 4, down.data.slice(16 * k, 16 * (k + 1)));
  const attention: Layer = {
    kind: "attention",
    heads: 2,
    query1: left,
    key1: right,
    query2: part(0),
    key2: part(1),
    value: part(2),
    output: part(3),
    query1Bias: left.data.slice(0, 4),
    residual: 1,
  };
  return { layers: [attention, { kind: "linear", weight: part(4) }], nContext: 2 };
}

/** The network with one tensor (rows from `first` on) a little different. */
function touched(network: Network, index: number, name: string, rows?: [number, number]): Network {
  const layers = network.layers.map((one, k) => {
    if (k !== index) return one;
    const { shape, data } = (one as unknown as Record<string, Matrix>)[name]!;
    const [from, to] = rows ?? [0, shape[0]];
    const isOwn = (at: number) => at >= from * shape[1] && at < to * shape[1];
    const moved = data.map((entry, at) => (isOwn(at) ? entry + 0.1 : entry));
    return { ...one, [name]: matrix(...shape, moved) } as Layer;
  });
  return { ...network, layers };
}

describe("the shares sum to the whole", () => {
  test.for(["layers", "tensors"] as const)("of stacks, by %s", async (by) => {
    for (const residual of [0, 1]) {
      const [a, b] = [stack(1, residual), stack(2, residual)];
      const { value, shares, norms } = await partAttribution(a, b, { by });
      expect(Math.abs(sum(shares) - value)).toBeLessThan(1e-12 * (norms[0] ** 2 + norms[1] ** 2));
      expect(value).toBeCloseTo((await distance(a, b)).value ** 2, 10);
    }
  });

  test.for(["layers", "heads", "tensors"] as const)("with attention, by %s", async (by) => {
    const [a, b] = [attending(1), attending(2)];
    const found = await partAttribution(a, b, { by });
    const { value, shares, norms } = found;
    expect(Math.abs(sum(shares) - value)).toBeLessThan(1e-12 * (norms[0] ** 2 + norms[1] ** 2));
    expect(value).toBeCloseTo((await distance(a, b)).value ** 2, 10);
    expect(found.metric).toBe("closure");
  });

  test("in whole numbers exactly, and is the sum of those of the slices", async () => {
    const layers = fc.tuple(matrices(2, 2), matrices(2, 2), matrices(2, 2));
    await fc.assert(
      fc.asyncProperty(layers, layers, async (x, y) => {
        const [a, b] = [x, y].map(
          ([left, right, down]): Network => ({
            layers: [{ kind: "bilinear", left, right, down }],
          }),
        );
        const whole = await partAttribution(a!, b!, { by: "tensors" });
        expect(sum(whole.shares)).toBe(whole.value);
        const [first, second] = await Promise.all(
          [0, 1].map((slice) => partAttribution(a!, b!, { by: "tensors", slice })),
        );
        for (const k of whole.shares.keys()) {
          expect(first!.shares[k]! + second!.shares[k]!).toBe(whole.shares[k]);
        }
      }),
      { numRuns: 30 },
    );
  });
});

test("what is common to two orders is the mean of both, by hand", async () => {
  // a: (2x)(3x), b: (x)(x): left first 1 of 5, then right 4; right first 2, then left 3.
  const [a, b] = [
    { layers: [layer([1, 1, 1], [2], [3], [1])] },
    { layers: [layer([1, 1, 1], [1], [1], [1])] },
  ];
  const { value, shares, parts } = await partAttribution(a, b, { by: "tensors" });
  expect(value).toBe(25);
  expect(parts).toEqual([
    { layer: 0, name: "left" },
    { layer: 0, name: "right" },
    { layer: 0, name: "down" },
  ]);
  expect([...shares]).toEqual([10, 15, 0]);
});

describe("a planted change has all of it", () => {
  test.for([0, 1, 2, 3])("layer %d of a stack", async (index) => {
    const a = stack(1, 1);
    const name = index % 3 === 0 ? "weight" : "right";
    const { value, shares } = await partAttribution(a, touched(a, index, name));
    expect(value).toBeGreaterThan(0);
    expect(ranked(shares)[0]).toBe(index);
    expect(shares[index]).toBeCloseTo(value, 12);
    expect(shares.filter((share) => share !== 0).length).toBe(1);
  });

  test.for(["left", "right", "down"])("%s of a bilinear layer", async (name) => {
    const a = stack(1);
    const found = await partAttribution(a, touched(a, 2, name), { by: "tensors" });
    const first = found.parts[ranked(found.shares)[0]!];
    expect(first).toEqual({ layer: 2, name });
    expect(found.shares.filter((share) => share !== 0).length).toBe(1);
  });

  test.for([0, 1])("head %d", async (head) => {
    const a = attending(1);
    for (const name of ["query1", "key1", "query2", "key2", "value"]) {
      const b = touched(a, 0, name, [2 * head, 2 * head + 2]);
      const { parts, shares } = await partAttribution(a, b, { by: "heads" });
      expect(parts.map((part) => part.name)).toEqual(["head 0", "head 1", "layer"]);
      expect(ranked(shares)[0]).toBe(head);
      expect(shares.filter((share) => share !== 0).length).toBe(1);
    }
    // The columns of the output that read this head.
    const { output } = a.layers[0] as AttentionLayer;
    const moved = output.data.map((entry, at) =>
      Math.floor((at % 4) / 2) === head ? entry + 0.1 : entry,
    );
    const first = { ...a.layers[0]!, output: matrix(4, 4, moved) } as Layer;
    const { shares, value } = await partAttribution(
      a,
      { ...a, layers: [first, a.layers[1]!] },
      { by: "heads" },
    );
    expect(shares[head]).toBeCloseTo(value, 10);
    expect(shares.filter((share) => share !== 0).length).toBe(1);
  });

  test("a setting that differs", async () => {
    const [a, b] = [stack(1, 1), stack(1, 0.5)];
    const { parts, shares } = await partAttribution(a, b, { by: "tensors" });
    const found = parts.filter((_, k) => shares[k] !== 0);
    expect(found).toEqual([
      { layer: 1, name: "residual" },
      { layer: 2, name: "residual" },
    ]);
    const apart = attending(1);
    const gentle: Network = {
      ...apart,
      layers: [{ ...apart.layers[0]!, residual: 0.5 } as Layer, apart.layers[1]!],
    };
    const byHead = await partAttribution(apart, gentle, { by: "heads" });
    expect(byHead.parts[2]).toEqual({ layer: 0, name: "residual" });
    expect(byHead.shares[2]).toBeCloseTo(byHead.value, 12);
  });

  test("a bias that one has and the other has not", async () => {
    const a = stack(1);
    const layers = [...a.layers];
    layers[2] = { ...(a.layers[2] as BilinearLayer), downBias: Float64Array.of(1, 2, 3) };
    for (const [x, y] of [
      [a, { layers }],
      [{ layers }, a],
    ] as const) {
      const options = { by: "tensors", metric: "closure" } as const;
      const { parts, shares, value } = await partAttribution(x, y, options);
      const first = ranked(shares)[0]!;
      expect(parts[first]).toEqual({ layer: 2, name: "downBias" });
      expect(shares[first]).toBeCloseTo(value, 10);
    }
  });
});

test("progress is told to the end, and an abort heard", async () => {
  const told: [number, number][] = [];
  const progress = (done: number, total: number) => told.push([done, total]);
  await partAttribution(stack(1), stack(2), { progress });
  expect(told.at(-1)).toEqual([16, 16]);
  expect(told.map(([done]) => done)).toEqual(Array.from({ length: 17 }, (_, k) => k));
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(partAttribution(stack(1), stack(2), { signal })).rejects.toThrow("enough");
});

test("what is not built alike is named", async () => {
  const a = stack(1);
  const of = (layers: readonly Layer[]) => partAttribution(a, { layers });
  await expect(of(a.layers.slice(1))).rejects.toThrow(
    "Cannot take networks apart: expected 4 layers as a has, found 3 of b",
  );
  await expect(of([a.layers[0]!, a.layers[0]!, a.layers[2]!, a.layers[3]!])).rejects.toThrow(
    "Cannot take layer 1 apart: expected kind bilinear as a has, found linear of b",
  );
  const wide = randomBilinear({ dIn: 3, dHidden: 5, dOut: 3 }).layers[0]!;
  await expect(of([a.layers[0]!, wide, a.layers[2]!, a.layers[3]!])).rejects.toThrow(
    "Cannot take layer 1 apart: expected left of shape [4, 3] as a has, found [5, 3] of b",
  );
  const huge: Network = { layers: [layer([1, 1, 1], [1e200], [1e200], [1])] };
  await expect(partAttribution(huge, huge)).rejects.toThrow(
    "Cannot attribute a difference: expected inner products in the range of float64, found one beyond it",
  );
});
