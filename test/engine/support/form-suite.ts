import { describe, expect, test } from "vitest";
import type { Chain, FormOperation, FormProducts, Precision } from "../../../src/tensor/index.ts";
import { chainOf, floats, integers, type Sizes, sparse } from "./chains.ts";
import { diagonal } from "./recursion.ts";
import { values } from "./rows.ts";

/** Inputs, hidden units and outputs: less than a panel, a panel, more than a tile, its edge, several. */
const sizes: readonly Sizes[] = [
  [1, [1, 1]],
  [3, [2, 5]],
  [7, [4, 3]],
  [16, [3, 6]],
  [17, [5, 11]],
  [33, [6, 1]],
  [40, [3, 4]],
];

/** Loads, computes and releases. */
async function productsOf(
  forms: FormOperation,
  chains: readonly Chain[],
  precision: Precision = "float64",
): Promise<FormProducts> {
  const loaded = await Promise.all(chains.map((chain) => forms.load(chain, precision)));
  try {
    return await forms.products(loaded);
  } finally {
    for (const chain of loaded) chain.release();
  }
}

function pairsOf(chains: readonly Chain[]): [Chain, Chain][] {
  return chains.flatMap((a, i) => chains.slice(0, i + 1).map((b): [Chain, Chain] => [a, b]));
}

/** What every form operation does, fused or composed. */
export function formSuite(
  open: () => Promise<FormOperation>,
  precisions: readonly Precision[] = ["float64", "float32"],
): void {
  for (const precision of precisions) {
    test.for(sizes)(`small integers are exact (${precision}): %j`, async (own) => {
      const [inputs, [hidden, outputs]] = own as [number, [number, number]];
      // The largest sums must fit the 24 bits of float32.
      const draw = (seed: number) => (precision === "float64" ? integers(seed, 2) : sparse(seed));
      const chains = Array.from({ length: 9 }, (_, k) =>
        chainOf([inputs, [hidden + (k % 3), outputs]], draw(k)),
      );
      const products = await productsOf(await open(), chains, precision);
      const expected = pairsOf(chains).map(([a, b]) => diagonal(a, b));
      expect(values(products)).toEqual(expected.map((own) => own.map((slice) => slice + 0)));
      if (inputs > 1) expect(expected.flat().some((slice) => slice !== 0)).toBe(true);
    });

    test(`floats agree to rounding (${precision})`, async () => {
      const tolerance = precision === "float64" ? 1e-13 : 1e-5;
      // More units than are summed at a time, and more inputs than one tile of the diagonal.
      for (const [inputs, hidden] of [
        [5, 520],
        [260, 2],
      ] as const) {
        const chains = [5, 6].map((seed) => chainOf([inputs, [hidden, 2]], floats(seed)));
        const found = values(await productsOf(await open(), chains, precision));
        const expected = pairsOf(chains).map(([a, b]) => diagonal(a, b));
        const scale = Math.max(...expected.flat().map(Math.abs));
        for (const [k, own] of expected.entries()) {
          for (const [o, slice] of own.entries()) {
            expect(Math.abs(found[k]![o]! - slice)).toBeLessThan(tolerance * scale);
          }
        }
      }
    });
  }

  const precision = precisions[0]!;

  test("weights far from 1 stay in range, their powers of two apart", async () => {
    const chain = chainOf([5, [4, 3]], floats(1));
    const times = ({ steps }: Chain, power: number): Chain => ({
      steps: steps.map((step) => {
        if (step.kind === "linear") return step;
        const scaled = (x: typeof step.left) => ({ ...x, data: x.data.map((e) => e * 2 ** power) });
        return {
          ...step,
          left: scaled(step.left),
          right: scaled(step.right),
          down: scaled(step.down),
        };
      }),
    });
    const forms = await open();
    const [[plain]] = [values(await productsOf(forms, [chain], precision))];
    const far = await productsOf(forms, [times(chain, 300), times(chain, -300)], precision);
    expect(Array.from(far.exponents)).toEqual([
      expect.toSatisfy((exponent: number) => exponent > 1700),
      0,
      expect.toSatisfy((exponent: number) => exponent < -1700),
    ]);
    for (const [k, power] of [1800, 0, -1800].entries()) {
      const own = far.slices.subarray(k * 3, (k + 1) * 3);
      expect(Array.from(own, (x) => x * 2 ** (far.exponents[k]! - power))).toEqual(plain);
    }
  });

  test("no chains have no pairs; the part that is done reaches 1", async () => {
    const forms = await open();
    expect(await forms.products([])).toEqual({
      slices: new Float64Array(),
      exponents: new Int32Array(),
    });
    const loaded = await forms.load(chainOf([4, [3, 2]], floats(2)), precision);
    const parts: number[] = [];
    await forms.products([loaded, loaded], { progress: (part) => parts.push(part) });
    expect(parts.at(-1)).toBe(1);
    expect(parts).toEqual([...parts].sort((x, y) => x - y));
    loaded.release();
  });

  test("an abort rejects with its reason", async () => {
    const forms = await open();
    const loaded = await forms.load(chainOf([40, [30, 8]], floats(3)), precision);
    const reason = new Error("enough");
    const before = forms.products([loaded], { signal: AbortSignal.abort(reason) });
    await expect(before).rejects.toBe(reason);
    const stop = new AbortController();
    const many = Array(300).fill(loaded);
    const during = forms.products(many, { signal: stop.signal });
    setTimeout(() => stop.abort(reason), 5);
    await expect(during).rejects.toBe(reason);
    // What follows computes as before.
    const next = await forms.products([loaded]);
    expect(next.slices).toHaveLength(8);
    loaded.release();
  });

  describe("errors", () => {
    test("a chain that is not one bilinear step", async () => {
      const forms = await open();
      const chain = chainOf([4, [3], [2, 2]], floats(1));
      await expect(forms.load(chain, precision)).rejects.toThrow(
        "Cannot write a chain as quadratic forms: expected one bilinear step, found linear, bilinear",
      );
    });

    test("chains that cannot be paired, foreign or released ones", async () => {
      const forms = await open();
      const load = (own: Sizes) => forms.load(chainOf(own, floats(1)), precision);
      const [a, b] = [await load([4, [3, 2]]), await load([5, [3, 2]])];
      await expect(forms.products([a, b])).rejects.toThrow(
        "Cannot pair two chains: expected inputs 4, found 5",
      );
      const foreign = { engine: "other", bytes: 0, release() {} };
      await expect(forms.products([a, foreign])).rejects.toThrow(
        /expected one loaded by this engine, found one of engine "other"/,
      );
      b.release();
      await expect(forms.products([b])).rejects.toThrow(/it is released/);
      a.release();
    });
  });
}
