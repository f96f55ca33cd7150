import { afterAll, expect, test } from "vitest";
import "../../../src/engine/node/index.ts";
import { openEngine } from "../../../src/engine/index.ts";
import type { Chain } from "../../../src/tensor/index.ts";
import { chainOf, floats, integers } from "../support/chains.ts";
import { formSuite } from "../support/form-suite.ts";

const engine = openEngine("onnx", { threads: 1 });
afterAll(async () => (await engine).dispose());

formSuite(async () => (await engine).forms!);

test("forms of several blocks are those of the engine without, exact for small integers", async () => {
  const { forms, chains } = await engine;
  // 300 inputs: three blocks on the diagonal, two beside it.
  const [a, b] = [chainOf([300, [3, 2]], integers(1)), chainOf([300, [4, 2]], integers(2))];
  const loaded = await Promise.all([a, b].map((chain) => forms!.load(chain, "float64")));
  const { slices } = await forms!.products(loaded);
  const own = await Promise.all([a, b].map((chain) => chains!.load(chain, "float64")));
  const row = await chains!.row(own[1]!, own);
  expect(Array.from(slices.subarray(2))).toEqual(Array.from(row.slices));
});

test("weights in a memory that threads share are read too", async () => {
  const { forms } = await engine;
  const chain = chainOf([5, [4, 3]], floats(7));
  const shared = ({ steps }: Chain): Chain => ({
    steps: steps.map((step) => {
      if (step.kind === "linear") return step;
      const data = new Float64Array(new SharedArrayBuffer(step.left.data.byteLength));
      data.set(step.left.data);
      return { ...step, left: { ...step.left, data } };
    }),
  });
  const loaded = await Promise.all(
    [chain, shared(chain)].map((one) => forms!.load(one, "float64")),
  );
  const { slices } = await forms!.products(loaded);
  expect(slices.slice(0, 3)).toEqual(slices.slice(6, 9));
});
