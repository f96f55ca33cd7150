import { afterAll, describe, expect, test } from "vitest";
import "../../../src/engine/node/index.ts";
import { chainsOf, openEngine, referenceEngine } from "../../../src/engine/index.ts";
import { stayedInRange } from "../../../src/engine/onnx/range.ts";
import type { Chain } from "../../../src/tensor/index.ts";
import { matrix } from "../../../src/tensor/index.ts";

const engine = openEngine("onnx", { threads: 1 });
afterAll(async () => (await engine).dispose());

const bilinear = { kind: "bilinear", inputs: 256, hidden: 256, outputs: 256 } as const;
const steps = [bilinear, bilinear, bilinear];

describe("whether a recursion stayed in range, told from its result", () => {
  test.for([
    [1, "float64", true],
    [2 ** -300, "float64", true],
    [1, "float32", true],
    // A metric of the square root of that before the last step, and so on.
    [2 ** -1000, "float64", false],
    [2 ** -90, "float32", false],
    [0, "float64", false],
    [Number.POSITIVE_INFINITY, "float64", false],
    [Number.NaN, "float64", false],
  ] as const)("%d in %s: %j", ([size, precision, expected]) => {
    const slices = Float64Array.of(0, size);
    expect(stayedInRange(slices, steps, steps, precision)).toBe(expected);
  });
});

/** Three bilinear steps of two inputs that read one of them, the other 2^-power times as much. */
function reading(input: number, power: number): Chain {
  const weight = () => {
    const data = new Float64Array(4).fill(2 ** -power);
    data[input] = 1;
    data[2 + input] = 1;
    return matrix(2, 2, data);
  };
  const down = () => matrix(2, 2, Float64Array.of(1, 2 ** -power, 2 ** -power, 1));
  return {
    steps: [1, 2, 3].map(() => ({
      kind: "bilinear",
      left: weight(),
      right: weight(),
      down: down(),
    })),
  };
}

test("chains whose metric would underflow between steps are computed step by step", async () => {
  const reference = chainsOf(referenceEngine());
  const { chains } = await engine;
  // Next to nothing in common: 2^-200 each time, squared twice.
  const [a, b] = [reading(0, 200), reading(1, 200)];
  const row = async (own: typeof reference) => {
    const [first, second] = [await own.load(a, "float64"), await own.load(b, "float64")];
    return own.row(first, [second, first]);
  };
  const [found, expected] = [await row(chains!), await row(reference)];
  expect(found.exponents).toEqual(expected.exponents);
  expect(found.exponents[0]).toBeLessThan(-500);
  for (const [k, slice] of expected.slices.entries()) {
    expect(found.slices[k]! / slice).toBeCloseTo(1, 12);
  }
});
