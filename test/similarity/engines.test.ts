import "../../src/engine/node/index.ts";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEngine, type Tf, tfjsEngine } from "../../src/engine/index.ts";
import { randomBilinear } from "../../src/model/index.ts";
import { innerProduct, similarityMatrix, slices } from "../../src/similarity/index.ts";
import type { Engine, Precision } from "../../src/tensor/index.ts";
import { cases, expectAllClose, expectClose, type Model, networkOf } from "../support/vectors.ts";

// Without this it advises to install another package.
tf.env().set("IS_TEST", true);

interface Products {
  readonly aa: number;
  readonly ab: number;
  readonly bb: number;
}
interface Pair {
  readonly a: Model;
  readonly b: Model;
}
interface Expected {
  readonly [metric: string]: unknown;
  readonly symmetric_slices?: number[];
}

const engines: { name: string; open: () => Promise<Engine>; precisions: Precision[] }[] = [
  { name: "reference", open: () => openEngine("reference"), precisions: ["float64", "float32"] },
  {
    name: "wasm",
    open: () => openEngine("wasm", { threads: 2 }),
    precisions: ["float64", "float32"],
  },
  { name: "onnx", open: () => openEngine("onnx"), precisions: ["float64", "float32"] },
  { name: "tfjs", open: () => tfjsEngine(tf as unknown as Tf), precisions: ["float32"] },
];

describe.for(engines)("engine $name", ({ open, precisions }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.dispose());

  describe.for(precisions)("in %s", (precision) => {
    const layers = cases<Pair, Expected>("one_layer");
    const stacks = cases<Pair, Expected>("deep").filter(({ expected }) => expected["recursion"]);

    test.for(layers.filter(({ expected }) => "symmetric" in expected))("$name", async (one) => {
      const [a, b] = [networkOf(one.input.a), networkOf(one.input.b)];
      const options = { engine, precision };
      for (const metric of ["symmetric", "frobenius", "padded"] as const) {
        const expected = one.expected[metric] as Products;
        const found = await innerProduct(a, b, { ...options, metric });
        expectWithin(precision, found.value, expected);
        expect(found.engine).toBe(engine.info);
      }
      const { aa, bb } = one.expected["symmetric"] as Products;
      const found = await slices(a, b, options);
      for (const [o, ab] of one.expected.symmetric_slices!.entries()) {
        expectWithin(precision, found.products[o]!, { aa, ab, bb });
      }
    });

    test.for(stacks)("$name", async ({ input, expected }) => {
      const [a, b] = [networkOf(input.a), networkOf(input.b)];
      const found = await innerProduct(a, b, { engine, precision });
      expectWithin(precision, found.value, expected["recursion"] as Products);
    });
  });

  test("takes the precision it has when none is asked for", async () => {
    const network = randomBilinear({ dIn: 3, dHidden: 2, dOut: 2 });
    const { precision } = await innerProduct(network, network, { engine });
    expect(precision).toBe(precisions[0]);
  });

  test("gives the same matrix in blocks, and 1 on the diagonal", async () => {
    const series = Array.from({ length: 6 }, (_, seed) =>
      randomBilinear({ dIn: 5, dHidden: 7, dOut: 3, seed }),
    );
    const options = { engine, precision: precisions[0]! };
    const whole = await similarityMatrix(series, options);
    const blocks = await similarityMatrix(series, { ...options, memory: 1 });
    if (engine.info.deterministic) expect(blocks.data).toEqual(whole.data);
    else expectAllClose(blocks.data, whole.data, precisions[0] === "float64" ? 1e-14 : 1e-6);
    for (let i = 0; i < 6; i++) expect(Math.abs(whole.data[7 * i]! - 1)).toBeLessThan(3e-16);
  });
});

/** In float64 as the vectors ask; in float32 within 1e-6 of the norms. */
function expectWithin(precision: Precision, found: number, { aa, ab, bb }: Products): void {
  if (precision === "float64") expectClose(found, ab);
  else {
    const size = Math.sqrt(Math.abs(aa)) * Math.sqrt(Math.abs(bb));
    expect(Math.abs(found - ab)).toBeLessThanOrEqual(1e-6 * size + 1e-12);
  }
}
