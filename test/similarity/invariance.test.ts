import { describe, expect, test } from "vitest";
import { type AttentionLayer, type Layer, randomBilinear } from "../../src/model/index.ts";
import { similarity } from "../../src/similarity/index.ts";
import {
  perturb,
  type Symmetry,
  scramble,
  symmetries,
  symmetriesOf,
} from "../../src/symmetry/index.ts";
import { ShapeError } from "../../src/tensor/index.ts";
import { type Comparison, compare } from "../support/comparisons.ts";
import { Drawn, withDeadDirection, withParallelUnits } from "../support/drawn.ts";

/**
 * Under what each comparison changes, for some seeds at least; under all other symmetries it must not. Where weights may get other
 * shapes, weight cosine is undefined. CKA of hidden units is of what the layers multiply: the
 * products of bilinear layers, and heads before their output.
 */
const changesUnder: Record<Comparison, readonly string[] | "all"> = {
  "weight cosine": "all",
  "CKA of hidden units": [
    "rescaleHidden",
    "addNullUnit",
    "addNullPair",
    "splitSquares",
    "mixUnits",
    "shearUnits",
    "addRegroupedNull",
    "gaugeValues",
    "rescaleScores",
    "addDeadHead",
    "rewriteDeadHeads",
  ],
  "CKA of outputs": [],
  "output cosine (mean)": [],
  "output cosine (global)": [],
  "JS divergence": [],
  frobenius: ["swapSides", "addNullPair", "splitSquares", "shearUnits"],
  "frobenius recursion": [
    "swapSides",
    "addNullPair",
    "splitSquares",
    "shearUnits",
    "addRegroupedNull",
  ],
  symmetric: [],
  padded: [],
  gaussian: [],
  recursion: ["addRegroupedNull"],
  closure: ["addRegroupedNull"],
  "exact gaussian": [],
  "exact symmetric": [],
};

const behaviour: readonly Comparison[] = [
  "weight cosine",
  "CKA of hidden units",
  "CKA of outputs",
  "output cosine (mean)",
  "output cosine (global)",
  "JS divergence",
];
const deep: readonly Comparison[] = [
  "recursion",
  "frobenius recursion",
  "closure",
  "exact gaussian",
  "exact symmetric",
];
const bias = { bias: true };
const rotary: Partial<AttentionLayer> = { rotaryBase: 100 };

const networks: {
  name: string;
  layers: (draw: Drawn) => readonly Layer[];
  nContext?: number;
  comparisons: readonly Comparison[];
}[] = [
  {
    name: "one bilinear layer between linear ones",
    layers: (draw) => [
      draw.linear(5, 4, bias),
      withParallelUnits(draw.bilinear([4, 6, 4], { residual: 0.5, gain: 0.5 })),
      draw.linear(4, 3, bias),
    ],
    comparisons: ["symmetric", "frobenius", "padded", "gaussian", ...deep],
  },
  {
    name: "one bilinear layer of many wires",
    layers: (draw) => [
      draw.linear(5, 4, bias),
      withParallelUnits(draw.bilinear([4, 6, 3])),
      draw.linear(3, 3, bias),
    ],
    comparisons: ["symmetric", "frobenius", "padded", "gaussian", ...deep],
  },
  {
    name: "two bilinear layers",
    layers: (draw) => [
      withParallelUnits(draw.bilinear([3, 6, 4])),
      draw.linear(4, 3, bias),
      withParallelUnits(draw.bilinear([3, 6, 3])),
      draw.linear(3, 3, bias),
    ],
    comparisons: deep,
  },
  {
    name: "two bilinear layers on one stream",
    layers: (draw) => [
      draw.linear(3, 4, bias),
      withParallelUnits(draw.bilinear([4, 6, 4], { residual: 1, gain: 0.5 })),
      withParallelUnits(draw.bilinear([4, 6, 4], { residual: 0.5, gain: 0.5 })),
      draw.linear(4, 3, bias),
    ],
    comparisons: deep,
  },
  {
    name: "three bilinear layers",
    layers: (draw) => [
      withParallelUnits(draw.bilinear([2, 6, 3])),
      withParallelUnits(draw.bilinear([3, 6, 3])),
      withParallelUnits(draw.bilinear([3, 6, 3])),
    ],
    comparisons: deep,
  },
  {
    name: "rotary attention, causal",
    layers: (draw) => [
      draw.linear(3, 8, bias),
      withDeadDirection(draw.attention(8, 3, 2, { ...rotary, residual: 1, gain: 0.5 })),
      draw.linear(8, 3, bias),
    ],
    nContext: 3,
    comparisons: ["closure", "exact gaussian"],
  },
  {
    name: "rotary attention, diagonal mask",
    layers: (draw) => [
      draw.linear(3, 4, bias),
      withDeadDirection(draw.attention(4, 3, 4, { ...rotary, mask: "diag" })),
      draw.linear(4, 3, bias),
    ],
    nContext: 2,
    comparisons: ["closure", "exact gaussian"],
  },
  {
    name: "attention without rotary or mask",
    layers: (draw) => [
      draw.linear(3, 8, bias),
      withDeadDirection(draw.attention(8, 3, 2, { mask: "none" })),
      draw.linear(8, 3, bias),
    ],
    nContext: 2,
    comparisons: ["closure", "exact gaussian"],
  },
  {
    name: "attention and a bilinear layer on one stream",
    layers: (draw) => [
      draw.linear(3, 6, bias),
      withDeadDirection(draw.attention(6, 2, 2, { ...rotary, residual: 1, gain: 0.5 })),
      withParallelUnits(draw.bilinear([6, 6, 6], { residual: 1, gain: 0.5 })),
      draw.linear(6, 3, bias),
    ],
    nContext: 2,
    comparisons: ["closure"],
  },
];

/** A change a million times what rounding may do. */
const clear = 1e-6;

/** With a bias everywhere, a shift is no more numbers. */
const keepsNumbers = ({ keepsShapes, name }: Symmetry) => keepsShapes || name === "shiftWire";

describe.for(networks)("$name", ({ layers, nContext, comparisons }) => {
  const a = Drawn.of(1, layers, nContext);
  const b = perturb(a, 0.4, 7);
  const known = new Map<Comparison, Promise<number>>();
  const original = (comparison: Comparison) => {
    const value = known.get(comparison) ?? compare(comparison, a, b);
    known.set(comparison, value);
    return value;
  };

  describe.for([...behaviour, ...comparisons])("%s", (comparison) => {
    test.for(symmetriesOf(a))("under $name", async (symmetry) => {
      const changed = (seed: number) => symmetry.sample(a, seed);
      if (comparison === "weight cosine" && !keepsNumbers(symmetry)) {
        await expect(compare(comparison, changed(1), b)).rejects.toThrow(ShapeError);
        return;
      }
      const before = await original(comparison);
      // Far enough from 0 for the error to be relative.
      expect(Math.abs(before)).toBeGreaterThan(0.01);
      const same = comparison === "JS divergence" ? 0 : 1;
      const change = async (seed: number) => [
        Math.abs((await compare(comparison, changed(seed), b)) / before - 1),
        Math.abs((await compare(comparison, a, changed(seed))) - same),
      ];
      const exceptions = changesUnder[comparison];
      if (exceptions !== "all" && !exceptions.includes(symmetry.name)) {
        expect(Math.max(...(await change(1)))).toBeLessThan(1e-12);
        return;
      }
      let largest = 0;
      for (let seed = 1; seed <= 6 && largest < clear; seed++) {
        largest = Math.max(largest, Math.min(...(await change(seed))));
      }
      expect(largest).toBeGreaterThan(clear);
    });
  });
});

test("every symmetry is tried, and every metric", () => {
  const names = networks.flatMap(({ layers, nContext }) =>
    symmetriesOf(Drawn.of(1, layers, nContext)).map(({ name }) => name),
  );
  expect(new Set(names)).toEqual(new Set(symmetries.map(({ name }) => name)));
  const tried = new Set([...behaviour, ...networks.flatMap(({ comparisons }) => comparisons)]);
  expect(tried.size).toBe(Object.keys(changesUnder).length);
});

test("recursion is the same for a stack with every layer scrambled", async () => {
  const stack = Drawn.of(40, (draw) => [
    draw.bilinear([6, 9, 4]),
    draw.bilinear([4, 7, 4], { residual: 0.5, gain: 0.5 }),
  ]);
  const { value } = await similarity(stack, scramble(stack, 9));
  expect(Math.abs(value - 1)).toBeLessThan(1e-12);
});

test("similarity falls from 1 the further a network is perturbed", async () => {
  const one = randomBilinear({ dIn: 6, dHidden: 9, dOut: 5, seed: 11 });
  const values: number[] = [];
  for (const amount of [0, 0.05, 0.2, 0.8]) {
    values.push((await similarity(one, perturb(one, amount, 3))).value);
  }
  expect(values[0]).toBeCloseTo(1, 14);
  expect(values[1]).toBeLessThan(0.9999);
  expect([...values].sort((x, y) => y - x)).toEqual(values);
});
