import { describe, expect, test } from "vitest";
import {
  type AttentionLayer,
  type BilinearLayer,
  type LinearLayer,
  type Network,
  outputs,
  parameters,
} from "../../src/model/index.ts";
import { symmetries, symmetriesOf } from "../../src/symmetry/index.ts";
import { Random, type Tensor } from "../../src/tensor/index.ts";
import { Drawn, withParallelUnits } from "../support/drawn.ts";

const rotary: Partial<AttentionLayer> = { rotaryBase: 10_000 };

/** Networks with something of everything, and what of the table they do not have. */
const networks: Record<string, { network: Network; without: readonly string[] }> = {
  "one biased layer between linear ones": {
    network: Drawn.of(1, (draw) => [
      draw.linear(5, 4),
      draw.bilinear([4, 6, 3]),
      draw.linear(3, 2, { bias: true }),
    ]),
    without: ["mixUnits", "shearUnits", "addRegroupedNull"],
  },
  "one layer of one output": {
    network: Drawn.of(2, (draw) => [draw.bilinear([4, 6, 1], {}, false)]),
    without: ["addRegroupedNull", "gaugeWire", "shiftWire"],
  },
  "a biased stack with parallel units": {
    network: Drawn.of(3, (draw) => [
      draw.bilinear([4, 5, 3]),
      draw.linear(3, 3, { bias: true }),
      withParallelUnits(draw.bilinear([3, 6, 2])),
    ]),
    without: [],
  },
  "residuals in the middle": {
    network: Drawn.of(4, (draw) => [
      draw.linear(5, 4),
      draw.bilinear([4, 5, 4], { residual: 0.65, gain: 0.35 }),
      draw.bilinear([4, 6, 4], { residual: 1, gain: 0.35 }),
      draw.linear(4, 3),
    ]),
    without: ["mixUnits", "shearUnits", "addRegroupedNull"],
  },
  "residuals from end to end": {
    network: Drawn.of(5, (draw) => [
      draw.bilinear([4, 5, 4], { residual: 1 }),
      draw.bilinear([4, 6, 4], { residual: 1 }),
    ]),
    without: ["mixUnits", "shearUnits", "addRegroupedNull", "gaugeWire"],
  },
  "causal rotary attention": {
    network: Drawn.of(
      6,
      (draw) => [
        draw.linear(3, 4),
        draw.attention(4, 2, 2, { ...rotary, residual: 1, gain: 0.35 }),
        draw.linear(4, 2),
      ],
      3,
    ),
    without: ["shiftWire", "rewriteDeadHeads", "swapQueryKey"],
  },
  "attention without rotary or mask": {
    network: Drawn.of(
      7,
      (draw) => [draw.linear(3, 6), draw.attention(6, 2, 2, { mask: "none" }), draw.linear(6, 2)],
      3,
    ),
    without: ["rewriteDeadHeads", "swapQueryKey"],
  },
  "rotary attention with a diagonal mask": {
    network: Drawn.of(
      8,
      (draw) => [
        draw.linear(3, 4),
        draw.attention(4, 2, 4, { ...rotary, mask: "diag" }),
        draw.linear(4, 2),
      ],
      3,
    ),
    without: ["shiftWire", "rewriteDeadHeads"],
  },
  "rotary attention at one position": {
    network: Drawn.of(9, (draw) => [draw.attention(4, 3, 2, rotary)], 1),
    without: ["gaugeWire", "shiftWire", "rewriteDeadHeads"],
  },
  "blocks of attention and a bilinear layer on one stream": {
    network: Drawn.of(
      10,
      (draw) => [
        draw.linear(3, 8),
        draw.attention(8, 2, 2, { ...rotary, residual: 1, gain: 0.5 }),
        draw.bilinear([8, 5, 8], { residual: 1, gain: 0.5 }),
        draw.attention(8, 1, 2, { ...rotary, residual: 0.65, gain: 0.35 }),
        draw.linear(8, 2, { bias: true }),
      ],
      3,
    ),
    without: ["mixUnits", "shearUnits", "addRegroupedNull", "rewriteDeadHeads", "swapQueryKey"],
  },
  "attention with dead directions": {
    network: Drawn.of(
      11,
      (draw) => [withDeadDirections(draw.attention(4, 4, 2, rotary)), draw.linear(4, 2)],
      2,
    ),
    without: ["shiftWire", "swapQueryKey"],
  },
};

const ofAttention = ["S9", "S10", "S11", "S12", "S13", "diagonal"];
const ofUnits = ["S1", "S2", "S3", "S4", "S5", "S6"];

describe.for(Object.entries(networks))("%s", ([, { network, without }]) => {
  const has = (kind: string) => network.layers.some((layer) => layer.kind === kind);
  const named = (one: readonly { name: string }[]) => one.map(({ name }) => name);
  const expected = symmetries.filter(
    ({ family, name }) =>
      !without.includes(name) &&
      (has("attention") || !ofAttention.includes(family)) &&
      (has("bilinear") || !ofUnits.includes(family)),
  );

  test("has the symmetries that it should", () => {
    expect(named(symmetriesOf(network))).toEqual(named(expected));
  });

  test.for(expected)("$name changes weights and no output", (symmetry) => {
    const inputs = inputsOf(network);
    const before = outputs(network, inputs).data;
    const given = structuredClone(network);
    let changes = 0;
    for (let seed = 0; seed < 12; seed++) {
      const changed = symmetry.sample(network, seed);
      if (!sameWeights(changed, network)) changes++;
      const after = outputs(changed, inputs).data;
      const size = Math.hypot(...before) / Math.sqrt(before.length);
      for (const [i, entry] of before.entries()) {
        expect(Math.abs(after[i]! - entry)).toBeLessThanOrEqual(1e-10 * size);
      }
      const shapes = (one: Network) =>
        parameters(one).map(({ layer, name, shape }) => [layer, name, ...shape]);
      if (symmetry.keepsShapes) expect(shapes(changed)).toEqual(shapes(network));
      expect(symmetry.sample(network, seed)).toEqual(changed);
    }
    // An order or a mask of two entries is now and then the one that changes nothing.
    expect(changes).toBeGreaterThanOrEqual(5);
    expect(network).toEqual(given);
  });
});

test("a symmetry that a network does not have says what it needs", () => {
  const { network } = networks["one layer of one output"]!;
  const names = ["gaugeWire", "permuteHeads"];
  for (const symmetry of symmetries.filter(({ name }) => names.includes(name))) {
    expect(() => symmetry.sample(network, 1)).toThrow(RangeError);
    expect(() => symmetry.sample(network, 1)).toThrow(
      `Cannot apply ${symmetry.name} to a network: expected ${symmetry.needs}, found none`,
    );
  }
});

test("the table has every family, and every name once", () => {
  const families = Array.from({ length: 13 }, (_, k) => `S${k + 1}`);
  expect([...new Set(symmetries.map(({ family }) => family))]).toEqual([...families, "diagonal"]);
  expect(new Set(symmetries.map(({ name }) => name)).size).toBe(symmetries.length);
});

function inputsOf({ layers, nContext = 1 }: Network): Tensor {
  const [first] = layers;
  const dIn = (first as LinearLayer).weight?.shape[1] ?? widthOf(first as BilinearLayer);
  const random = new Random(99);
  const data = Float64Array.from({ length: 6 * nContext * dIn }, () => random.normal());
  return { shape: [6, nContext, dIn], data };
}

function widthOf(layer: BilinearLayer | AttentionLayer): number {
  return (layer.kind === "bilinear" ? layer.left : layer.query1).shape[1];
}

function sameWeights(a: Network, b: Network): boolean {
  const flat = (network: Network) => parameters(network).flatMap(({ data }) => [...data]);
  return JSON.stringify(flat(a)) === JSON.stringify(flat(b));
}

/** Head 0 writes nothing, head 1 has no values, head 2 has one direction dead at either end. */
function withDeadDirections(layer: AttentionLayer): AttentionLayer {
  const value = Float64Array.from(layer.value.data);
  const output = Float64Array.from(layer.output.data);
  const dIn = layer.value.shape[1];
  const [dOut, width] = layer.output.shape;
  for (const row of [2, 3, 4]) value.fill(0, row * dIn, (row + 1) * dIn);
  for (let o = 0; o < dOut; o++) for (const column of [0, 1, 5]) output[o * width + column] = 0;
  return {
    ...layer,
    value: { ...layer.value, data: value },
    output: { ...layer.output, data: output },
  };
}
