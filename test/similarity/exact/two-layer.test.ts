import { describe, expect, test } from "vitest";
import { referenceEngine } from "../../../src/engine/index.ts";
import { type BilinearLayer, type Network, randomBilinear } from "../../../src/model/index.ts";
import { arithmeticOf } from "../../../src/similarity/closure/arithmetic.ts";
import { cyclesOf } from "../../../src/similarity/exact/cycles.ts";
import { stacked } from "../../../src/similarity/exact/reduced.ts";
import { spanOf } from "../../../src/similarity/exact/span.ts";
import {
  cheapest,
  cyclesMacs,
  pairCost,
  preparationCost,
  type TwoLayerSizes,
  twoLayerSizes,
} from "../../../src/similarity/exact/two-layer-cost.ts";
import { twoLayerForm } from "../../../src/similarity/exact/two-layer-form.ts";
import { innerProduct } from "../../../src/similarity/index.ts";
import { identity, type Matrix, matrix, product, transpose } from "../../../src/tensor/index.ts";
import { expectClose } from "../../support/vectors.ts";

const pause = async () => {};
const arithmetic = arithmeticOf(referenceEngine(), pause);
const exactly = ["exact gaussian", "exact symmetric"] as const;

interface Stack {
  readonly dIn: number;
  readonly m1: number;
  readonly m2: number;
  readonly seed: number;
  readonly rest?: Partial<BilinearLayer>;
}

/** Two bilinear layers with a wire of 4 and 2 outputs. */
function stack({ dIn, m1, m2, seed, rest }: Stack): Network {
  const [first] = randomBilinear({ dIn, dHidden: m1, dOut: 4, seed }).layers;
  const [second] = randomBilinear({ dIn: 4, dHidden: m2, dOut: 2, seed: seed + 1 }).layers;
  return { layers: [{ ...(first as BilinearLayer), ...rest }, second!] };
}

function drawn(rows: number, columns: number, seed: number): Matrix {
  const [layer] = randomBilinear({ dIn: columns, dHidden: rows, dOut: 1, seed }).layers;
  return (layer as BilinearLayer).left;
}

describe("inputs of which a network reads few directions", () => {
  /** Both on 40 inputs through embeddings of 4, and both on the 8 numbers these make of the inputs. */
  function embedded(rest: Partial<BilinearLayer>) {
    const embeddings = [drawn(4, 40, 5), drawn(4, 40, 6)];
    const bodies = [
      stack({ dIn: 4, m1: 5, m2: 3, seed: 1, rest }),
      stack({ dIn: 4, m1: 6, m2: 4, seed: 3, rest }),
    ];
    const wide = bodies.map(
      ({ layers }, k): Network => ({
        layers: [{ kind: "linear", weight: embeddings[k]! }, ...layers],
      }),
    );
    const both = stacked(embeddings[0]!, embeddings[1]!);
    const narrow = bodies.map(({ layers }, k): Network => {
      const own = matrix(4, 8);
      for (let i = 0; i < 4; i++) own.data[i * 8 + 4 * k + i] = 1;
      return { layers: [{ kind: "linear", weight: own }, ...layers] };
    });
    return { wide, narrow, covariance: product(both, transpose(both)), both };
  }

  const biased = { leftBias: Float64Array.of(1, -1, 0.5, 2, 0), residual: 1 };
  test.for<Partial<BilinearLayer>>([{}, { residual: 0.5 }])(
    "with %o: exact gaussian is that of what they read",
    async (rest) => {
      const { wide, narrow, covariance } = embedded(rest);
      const metric = "exact gaussian" as const;
      for (const [i, j] of [
        [0, 0],
        [0, 1],
        [1, 0],
      ] as const) {
        const found = await innerProduct(wide[i]!, wide[j]!, { metric });
        const options = { metric, input: { covariance } };
        const expected = await innerProduct(narrow[i]!, narrow[j]!, options);
        expectClose(found.value, expected.value);
      }
    },
  );

  test("with a mean and a covariance of the inputs", async () => {
    const { wide, narrow, both } = embedded({ residual: biased.residual });
    const factor = drawn(40, 40, 9);
    const covariance = product(factor, transpose(factor));
    const mean = drawn(40, 1, 10).data;
    const metric = "exact gaussian" as const;
    const found = await innerProduct(wide[0]!, wide[1]!, { metric, input: { mean, covariance } });
    const moved = product(product(both, covariance), transpose(both));
    const input = { mean: product(both, matrix(40, 1, mean)).data, covariance: symmetric(moved) };
    expectClose(found.value, (await innerProduct(narrow[0]!, narrow[1]!, { metric, input })).value);
  });

  test("few units without an embedding, and one network that reads all", async () => {
    const few = stack({
      dIn: 40,
      m1: 3,
      m2: 3,
      seed: 1,
      rest: { leftBias: Float64Array.of(1, 2, 3) },
    });
    const all = stack({ dIn: 40, m1: 30, m2: 2, seed: 3 });
    for (const metric of exactly) {
      const found = await innerProduct(few, all, { metric });
      expectClose((await innerProduct(all, few, { metric })).value, found.value);
      // The same networks with their inputs turned: an embedding of full size.
      const turn = (await spanOf(drawn(40, 40, 8), pause)).basis;
      const turned = [few, all].map(
        ({ layers }): Network => ({ layers: [{ kind: "linear", weight: turn }, ...layers] }),
      );
      expectClose((await innerProduct(turned[0]!, turned[1]!, { metric })).value, found.value);
    }
  });

  test("a network of zeros reads none", async () => {
    const zero = stack({ dIn: 40, m1: 3, m2: 3, seed: 1 });
    const [first, second] = zero.layers as [BilinearLayer, BilinearLayer];
    const layers = [{ ...first, left: matrix(3, 40), right: matrix(3, 40) }, second];
    for (const metric of exactly) {
      expect((await innerProduct({ layers }, { layers }, { metric })).value).toBe(0);
    }
  });
});

function symmetric(a: Matrix): Matrix {
  const other = transpose(a).data;
  return matrix(
    ...a.shape,
    a.data.map((entry, i) => (entry + other[i]!) / 2),
  );
}

test("an orthonormal basis of rows has their rank, and gives them back", async () => {
  const [few, mix] = [drawn(3, 30, 1), drawn(7, 3, 2)];
  const rows = product(mix, few);
  const { basis, coordinates } = await spanOf(rows, pause);
  expect(basis.shape).toEqual([3, 30]);
  const gram = product(basis, transpose(basis));
  for (const [i, entry] of gram.data.entries()) expect(entry).toBeCloseTo(identity(3).data[i]!, 14);
  for (const [i, entry] of product(coordinates, basis).data.entries()) {
    expect(entry).toBeCloseTo(rows.data[i]!, 13);
  }
});

test("units that are copied, however many strips they fill, change nothing", async () => {
  const small = stack({ dIn: 20, m1: 8, m2: 3, seed: 1 });
  const [first, second] = small.layers as [BilinearLayer, BilinearLayer];
  const copies = 25;
  const copied = (side: Matrix): Matrix =>
    matrix(
      8 * copies,
      side.shape[1],
      Float64Array.from(
        { length: copies * side.data.length },
        (_, i) => side.data[i % side.data.length]!,
      ),
    );
  const large: Network = {
    layers: [
      {
        ...first,
        left: copied(first.left),
        right: copied(first.right),
        down: scaledDown(transpose(copied(transpose(first.down))), copies),
      },
      second,
    ],
  };
  const other = stack({ dIn: 20, m1: 9, m2: 4, seed: 7 });
  for (const metric of exactly) {
    for (const b of [small, other]) {
      const expected = await innerProduct(small, b, { metric });
      expectClose((await innerProduct(large, b, { metric })).value, expected.value);
    }
    const whole = await innerProduct(small, small, { metric });
    expectClose((await innerProduct(large, large, { metric })).value, whole.value);
  }
});

function scaledDown(a: Matrix, by: number): Matrix {
  return matrix(
    ...a.shape,
    a.data.map((entry) => entry / by),
  );
}

test("the traces of four forms are those of products of matrices, by every way through", async () => {
  const a = await twoLayerForm(stack({ dIn: 5, m1: 12, m2: 3, seed: 1 }), undefined, arithmetic);
  const b = await twoLayerForm(stack({ dIn: 5, m1: 10, m2: 2, seed: 3 }), undefined, arithmetic);
  const forms = await Promise.all([a, b].map((one) => arithmetic.programs.read(one.forms!)));
  const at = (which: 0 | 1, unit: number) =>
    matrix(5, 5, forms[which]!.data.subarray(25 * unit, 25 * (unit + 1)));
  const units = stacked(a.left, a.right);
  for (const through of ["forms", "units"] as const) {
    const found = await cyclesOf(a, b, units, through, arithmetic);
    for (let h = 0; h < 3; h++) {
      for (let k = 0; k < 2; k++) {
        const half = product(at(0, h), at(1, k));
        const whole = product(half, product(at(0, 3 + h), at(1, 2 + k)));
        const trace = [0, 6, 12, 18, 24].reduce((sum, i) => sum + whole.data[i]!, 0);
        expectClose(found.data[h * 2 + k]!, trace);
      }
    }
  }
});

describe("costs", () => {
  const sizes = (d: number, m: number, linear = false): TwoLayerSizes => ({
    inputs: d,
    first: m,
    second: m,
    outputs: 10,
    linear,
  });

  test("of d = 128, m = 256: forms are the way, in 19 · 10⁹ multiplications", () => {
    const own = sizes(128, 256);
    const k = 5 * 256 ** 2 * 128 + 4 * 256 * 128 ** 2 + 256 ** 3;
    expect(cyclesMacs(own, own, "forms")).toBe(256 * k);
    expect(cheapest(own, own)).toEqual({ swapped: false, through: "forms", macs: 256 * k });
    expect(pairCost(own, own).macs / (256 * k)).toBeGreaterThan(1);
    expect(pairCost(own, own).macs / (256 * k)).toBeLessThan(1.01);
    const linear = pairCost(sizes(128, 256, true), sizes(128, 256, true));
    expect(linear.macs - pairCost(own, own).macs).toBe(8 * 256 ** 2 * 128 ** 2);
    expect(preparationCost(own).bytes).toBeGreaterThan(8 * 2 * 256 * 128 ** 2);
  });

  test("of many inputs and few units: through the units; of few in b: its second layer", () => {
    expect(cheapest(sizes(512, 128), sizes(512, 128)).through).toBe("units");
    const small = { ...sizes(32, 64), second: 8 };
    expect(cheapest(sizes(32, 64), small).swapped).toBe(false);
    expect(cheapest(small, sizes(32, 64)).swapped).toBe(true);
  });

  test("sizes told from shapes are those of the prepared network", async () => {
    const networks: Network[] = [
      stack({ dIn: 5, m1: 4, m2: 3, seed: 1 }),
      stack({ dIn: 2, m1: 9, m2: 3, seed: 1 }),
      stack({ dIn: 40, m1: 3, m2: 3, seed: 1 }),
      {
        layers: [
          { kind: "linear", weight: drawn(4, 40, 5) },
          ...stack({ dIn: 4, m1: 5, m2: 3, seed: 1 }).layers,
        ],
      },
      stack({ dIn: 4, m1: 5, m2: 3, seed: 1, rest: { residual: 1 } }),
    ];
    for (const network of networks) {
      const { sizes: found } = await twoLayerForm(network, undefined, arithmetic);
      expect(twoLayerSizes(network)).toEqual(found);
    }
  });
});
