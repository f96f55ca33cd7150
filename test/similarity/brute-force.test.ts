import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BilinearLayer, LinearLayer, Network } from "../../src/model/index.ts";
import { innerProduct, type Metric, weightCosine } from "../../src/similarity/index.ts";
import { networks } from "../support/networks.ts";
import { expectation, polynomials } from "../support/polynomial.ts";

/** Small whole numbers round nothing, so long as sums stay below this. */
const unrounded = 2 ** 40;

function expectExact(
  found: number,
  { value, size }: { value: number; size: number },
  rounds: boolean = false,
): void {
  if (size < unrounded && !rounds) expect(found + 0).toBe(value + 0);
  else expect(Math.abs(found - value)).toBeLessThanOrEqual((rounds ? 2e-15 : 1e-11) * size);
}

const mean = fc.tuple(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -2, max: 2 }));

describe("expected products are, exactly, those of the polynomials, monomial by monomial", () => {
  test.for<{ metric: Metric; kinds: readonly ("linear" | "bilinear")[] }>([
    { metric: "gaussian", kinds: ["linear", "bilinear", "linear"] },
    { metric: "closure", kinds: ["bilinear", "linear"] },
    { metric: "closure", kinds: ["linear", "linear"] },
    { metric: "exact gaussian", kinds: ["bilinear", "linear"] },
    { metric: "exact gaussian", kinds: ["bilinear", "bilinear"] },
    { metric: "exact gaussian", kinds: ["linear", "bilinear", "linear", "bilinear", "linear"] },
  ])("$metric of $kinds.length layers, $kinds", async ({ metric, kinds }) => {
    const drawn = networks(kinds, 2, 2);
    await fc.assert(
      fc.asyncProperty(drawn, drawn, mean, async (a, b, means) => {
        const found = await innerProduct(a, b, { metric, input: { mean: means } });
        // One layer is a chain with √2 in both networks, which rounds.
        const rounds =
          metric !== "closure" && kinds.filter((kind) => kind === "bilinear").length === 1;
        const expected = expectation(polynomials(a, 2), polynomials(b, 2), means);
        expectExact(found.value, expected, rounds);
      }),
      { numRuns: 25 },
    );
  });

  test.for([1, 2])(
    "closure and exact gaussian of attention over %d positions",
    async (nContext) => {
      const drawn = networks(["attention", "linear"], 2, 1).map(
        (network): Network => ({ ...network, nContext }),
      );
      await fc.assert(
        fc.asyncProperty(drawn, drawn, mean, async (a, b, means) => {
          const expected = expectation(polynomials(a, 2), polynomials(b, 2), means);
          for (const metric of ["closure", "exact gaussian"] as const) {
            const found = await innerProduct(a, b, { metric, input: { mean: means } });
            expect(found.exact).toBe(true);
            expectExact(found.value, expected);
          }
        }),
        { numRuns: nContext === 1 ? 8 : 4 },
      );
    },
  );
});

describe("recursion is, exactly, the product of the tensors contracted as they are drawn", () => {
  const shapes = [
    ["bilinear", "bilinear"],
    ["linear", "bilinear", "linear", "bilinear", "linear"],
    ["bilinear", "bilinear", "bilinear"],
  ] as const;
  describe.for([
    ["recursion", true],
    ["frobenius recursion", false],
  ] as const)("%s", ([metric, symmetrise]) => {
    test.for(shapes)("of %s", async (kinds) => {
      const drawn = networks(kinds, 2, 2);
      await fc.assert(
        fc.asyncProperty(drawn, drawn, async (a, b) => {
          const found = await innerProduct(a, b, { metric });
          expectExact(found.value, dense(drawnTensor(a, symmetrise), drawnTensor(b, symmetrise)));
        }),
        { numRuns: 15 },
      );
    });
  });
});

test("weight cosine is that of all weights in a row", async () => {
  const drawn = networks(["linear", "linear"], 1, 1, { biases: false });
  await fc.assert(
    fc.asyncProperty(drawn, drawn, async (a, b) => {
      const flat = ({ layers }: Network) =>
        (layers as LinearLayer[]).flatMap(({ weight }) => [...weight.data]);
      const [x, y] = [flat(a), flat(b)];
      fc.pre(x.length === y.length);
      const dot = (p: number[], q: number[]) =>
        p.reduce((total, entry, i) => total + entry * q[i]!, 0);
      const [xx, xy, yy] = [dot(x, x), dot(x, y), dot(y, y)];
      const expected = xx * yy === 0 ? 0 : xy / (Math.sqrt(xx) * Math.sqrt(yy));
      expect((await weightCosine(a, b)).value).toBeCloseTo(expected, 15);
    }),
  );
});

/** A tensor of the padded inputs (1, x): a row of numbers for each number on the wire. */
type Rows = readonly (readonly number[])[];

/** The tensor of a network of the wire (1, x) without its constant output, layer after layer in full. */
function drawnTensor({ layers }: Network, symmetrise: boolean): Rows {
  let rows: Rows = [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? 1 : 0)));
  for (const layer of layers) {
    rows =
      layer.kind === "linear"
        ? throughLinear(layer, rows)
        : multiplied(layer as BilinearLayer, rows, symmetrise);
  }
  return rows.slice(1);
}

function throughLinear({ weight, bias }: LinearLayer, rows: Rows): Rows {
  const [dOut, dIn] = weight.shape;
  return [
    rows[0]!,
    ...Array.from({ length: dOut }, (_, o) =>
      combined([
        [bias?.[o] ?? 0, rows[0]!],
        ...Array.from({ length: dIn }, (_, i): [number, readonly number[]] => [
          weight.data[o * dIn + i]!,
          rows[1 + i]!,
        ]),
      ]),
    ),
  ];
}

/** y_o = Σ_ij T[o, i, j] x_i ⊗ x_j over the wire (1, x), T symmetric in i, j or as it is. */
function multiplied(layer: BilinearLayer, rows: Rows, symmetrise: boolean): Rows {
  const { left, right, down, leftBias, rightBias, downBias, residual = 0, gain = 1 } = layer;
  const [hidden, dIn] = left.shape;
  const side = (matrix: typeof left, bias: typeof leftBias, h: number, i: number) =>
    i === 0 ? (bias?.[h] ?? 0) : matrix.data[h * dIn + i - 1]!;
  const entry = (o: number, i: number, j: number): number => {
    if (o === 0) return i === 0 && j === 0 ? 1 : 0;
    let total = i === 0 && j === 0 ? gain * (downBias?.[o - 1] ?? 0) : 0;
    // The residual is the unit x_i · 1.
    if (i === o && j === 0) total += residual;
    for (let h = 0; h < hidden; h++) {
      const weight = gain * down.data[(o - 1) * hidden + h]!;
      total += weight * side(left, leftBias, h, i) * side(right, rightBias, h, j);
    }
    return total;
  };
  return Array.from({ length: 1 + down.shape[0] }, (_, o) =>
    combined(
      rows.flatMap((x, i) =>
        rows.map((y, j): [number, readonly number[]] => {
          const value = symmetrise ? (entry(o, i, j) + entry(o, j, i)) / 2 : entry(o, i, j);
          return [value, x.flatMap((p) => y.map((q) => p * q))];
        }),
      ),
    ),
  );
}

function combined(terms: readonly (readonly [number, readonly number[]])[]): number[] {
  return terms[0]![1].map((_, k) =>
    terms.reduce((total, [weight, row]) => total + weight * row[k]!, 0),
  );
}

function dense(a: Rows, b: Rows): { value: number; size: number } {
  let [value, size] = [0, 1];
  for (const [o, row] of a.entries()) {
    for (const [k, entry] of row.entries()) {
      value += entry * b[o]![k]!;
      size += Math.abs(entry * b[o]![k]!);
    }
  }
  return { value, size: size * 16 };
}
