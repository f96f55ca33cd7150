import { describe, expect, test } from "vitest";
import type { Chain, ChainOperation } from "../../../src/tensor/index.ts";
import { matrix } from "../../../src/tensor/index.ts";
import { chainOf, floats, integers, pairsOfSizes, sparse } from "./chains.ts";
import { diagonal } from "./recursion.ts";
import { rowOf, values } from "./rows.ts";

const inputs3 = chainOf([3, [2]], () => 1);

/** What every chain operation does, fused or composed. */
export function chainSuite(
  open: () => Promise<ChainOperation>,
  precisions: readonly ("float64" | "float32")[] = ["float64", "float32"],
): void {
  const cases = Object.entries(pairsOfSizes);

  for (const precision of precisions) {
    for (const symmetrise of [true, false]) {
      test.for(cases)(
        `a row of small integers is exact (${precision}, symmetrise ${symmetrise}): %s`,
        async ([, [sizesA, sizesB]]) => {
          // The largest sums must fit the 24 bits of float32.
          const draw = (seed: number) =>
            precision === "float64" ? integers(seed, 1) : sparse(seed);
          const a = chainOf(sizesA, draw(1));
          const bs = [chainOf(sizesA, draw(2)), chainOf(sizesB, draw(3)), a];
          const row = await rowOf(await open(), a, bs, { precision, symmetrise });
          const expected = bs.map((b) => diagonal(a, b, symmetrise));
          expect(values(row)).toEqual(expected);
          if (sizesA[0] > 1) expect(expected.flat().some((slice) => slice !== 0)).toBe(true);
          expect(row.exponents).toEqual(new Int32Array(3));
        },
      );
    }

    test.for(cases)(`a row of floats agrees to rounding (${precision}): %s`, async ([, sizes]) => {
      const tolerance = precision === "float64" ? 1e-12 : 2e-6;
      const a = chainOf(sizes[0], floats(4));
      const bs = [chainOf(sizes[1], floats(5)), a];
      const row = values(await rowOf(await open(), a, bs, { precision }));
      for (const [k, b] of bs.entries()) {
        // What the sums are made of; a slice may cancel to less.
        const size = Math.max(...diagonal(a, a).map(Math.abs), ...diagonal(b, b).map(Math.abs));
        for (const [o, expected] of diagonal(a, b).entries()) {
          expect(Math.abs(row[k]![o]! - expected)).toBeLessThan(tolerance * size);
        }
      }
    });
  }

  const precision = precisions[0]!;

  test("weights of zero give slices of zero, not NaN", async () => {
    const sizes = pairsOfSizes["embedding, two layers, head"]![0];
    const zero = chainOf(sizes, () => 0);
    const other = chainOf(sizes, floats(6));
    const row = await rowOf(await open(), zero, [other, zero], { precision });
    expect(row.slices).toEqual(new Float64Array(2 * 11));
    expect(row.exponents).toEqual(new Int32Array(2));
  });

  test("a weight that is not a number makes its own pairs NaN and no others", async () => {
    const sizes = pairsOfSizes["linear, bilinear, linear"]![0];
    const a = chainOf(sizes, integers(7));
    const broken = chainOf(sizes, () => Number.NaN);
    const row = values(await rowOf(await open(), a, [broken, a], { precision }));
    expect(row[0]).toEqual([Number.NaN, Number.NaN]);
    expect(row[1]).toEqual(diagonal(a, a));
  });

  test.for([
    [200, 1],
    [-200, 1],
    [-1000, 1],
    [900, 3],
  ] as const)(
    "weights times 2^%d in %d bilinear steps give the same slices, exponents apart",
    async ([power, depth]) => {
      const layers = Array.from({ length: depth }, () => [3, 4] as const);
      const plain = chainOf([4, ...layers], integers(8, 1));
      const far = chainOf([4, ...layers], integers(8, 1));
      for (const step of far.steps) {
        if (step.kind !== "bilinear") continue;
        for (const weight of [step.left, step.right, step.down]) {
          for (let i = 0; i < weight.data.length; i++) weight.data[i]! *= 2 ** power;
        }
      }
      const chains = await open();
      const expected = await rowOf(chains, plain, [plain], { precision });
      const row = await rowOf(chains, far, [far], { precision });
      // 3 weights of a and 3 of b, doubled by each step that follows.
      const exponent = 6 * power * (2 ** depth - 1);
      const quotient = Array.from(row.slices, (slice, o) =>
        slice === 0 ? 0 : Math.log2(slice / expected.slices[o]!) + row.exponents[0]!,
      );
      const zero = (o: number) => expected.slices[o] === 0;
      expect(quotient).toEqual(quotient.map((_, o) => (zero(o) ? 0 : exponent)));
      expect(expected.slices.some((slice) => slice !== 0)).toBe(true);
      // In range: nothing is left outside.
      if (Math.abs(exponent) < 400) expect(row.exponents[0]).toBe(0);
    },
  );

  test("float32 data in a float64 chain and float64 data in a float32 chain are converted", async () => {
    const a = chainOf([5, [4, 3]], integers(9));
    const narrow: Chain = {
      steps: a.steps.map((step) => {
        if (step.kind !== "bilinear") return step;
        const narrowed = (weight: typeof step.left) =>
          matrix(...weight.shape, Float32Array.from(weight.data));
        return {
          kind: "bilinear",
          left: narrowed(step.left),
          right: step.right,
          down: narrowed(step.down),
        };
      }),
    };
    expect(values(await rowOf(await open(), narrow, [a], { precision }))).toEqual([diagonal(a, a)]);
  });

  test("a row of no chains is empty", async () => {
    const row = await rowOf(await open(), inputs3, [], { precision });
    expect(row).toEqual({ slices: new Float64Array(), exponents: new Int32Array() });
  });

  test("loading copies: what happens to the weights later changes nothing", async () => {
    const chains = await open();
    const chain = chainOf([3, [2]], () => 1);
    const loaded = await chains.load(chain, precision);
    (chain.steps[0] as { weight: { data: Float64Array } }).weight.data.fill(5);
    expect((await chains.row(loaded, [loaded])).slices).toEqual(Float64Array.of(3, 3));
    loaded.release();
  });

  test("an aborted row rejects with the signal's reason", async () => {
    const chains = await open();
    const loaded = await chains.load(inputs3, precision);
    const reason = new Error("no longer wanted");
    await expect(chains.row(loaded, [loaded], { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    loaded.release();
  });

  describe("errors", () => {
    const weight = (rows: number, columns: number) => matrix(rows, columns);

    test.for<[string, Chain, string]>([
      ["no step", { steps: [] }, "Cannot load a chain: expected at least one step, found none"],
      [
        "a step that does not take the outputs of the one before",
        {
          steps: [
            { kind: "linear", weight: weight(4, 3) },
            { kind: "linear", weight: weight(2, 5) },
          ],
        },
        "Cannot load step 2 of a chain: expected 4 inputs (the outputs of step 1), found 5",
      ],
      [
        "left and right of two shapes",
        {
          steps: [
            { kind: "bilinear", left: weight(4, 3), right: weight(5, 3), down: weight(2, 4) },
          ],
        },
        "Cannot load step 1 of a chain: expected left and right of one shape, found [4, 3] and [5, 3]",
      ],
      [
        "down of other hidden units",
        {
          steps: [
            { kind: "bilinear", left: weight(4, 3), right: weight(4, 3), down: weight(2, 5) },
          ],
        },
        "Cannot load step 1 of a chain: expected down with 4 columns (the hidden units), found [2, 5]",
      ],
    ])("load: %s", async ([, chain, message]) => {
      const chains = await open();
      await expect(chains.load(chain, precision)).rejects.toMatchObject({
        name: "ShapeError",
        message,
      });
    });

    test.for<[string, Chain, string]>([
      ["inputs", chainOf([4, [2]], () => 1), "expected inputs 3, found 4"],
      ["outputs", chainOf([3, [5]], () => 1), "expected outputs 2, found 5"],
      ["kinds", chainOf([3, [4, 2]], () => 1), "expected steps linear, found bilinear"],
    ])("row: two %s", async ([, other, message]) => {
      await expect(rowOf(await open(), inputs3, [inputs3, other], { precision })).rejects.toThrow(
        `Cannot pair two chains: ${message}`,
      );
    });

    test("row: a released chain", async () => {
      const chains = await open();
      const loaded = await chains.load(inputs3, precision);
      loaded.release();
      loaded.release();
      await expect(chains.row(loaded, [])).rejects.toThrow(
        `Cannot use a chain in engine "${loaded.engine}": it is released`,
      );
    });

    test("row: a chain of another engine", async () => {
      const chains = await open();
      const loaded = await chains.load(inputs3, precision);
      const foreign = { engine: "other", bytes: 0, release() {} };
      await expect(chains.row(loaded, [foreign])).rejects.toThrow(
        `Cannot use a chain in engine "${loaded.engine}": expected one loaded by this engine, found one of engine "other"`,
      );
      loaded.release();
    });

    test.runIf(precisions.length > 1)("row: two precisions", async () => {
      const chains = await open();
      const wide = await chains.load(inputs3, "float64");
      const narrow = await chains.load(inputs3, "float32");
      await expect(chains.row(wide, [narrow])).rejects.toThrow(
        "Cannot pair two chains: expected precision float64, found float32",
      );
      wide.release();
      narrow.release();
    });
  });
}
