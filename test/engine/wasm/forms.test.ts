import { afterAll, describe, expect, test } from "vitest";
import "../../../src/engine/node/index.ts";
import { wasmEngine } from "../../../src/engine/index.ts";
import type { Precision } from "../../../src/tensor/index.ts";
import { chainOf, floats } from "../support/chains.ts";
import { formSuite } from "../support/form-suite.ts";

describe.for([
  ["workers that share a memory", { threads: 2, shared: true }],
  ["the calling thread", { threads: 0 }],
] as const)("%s", ([, options]) => {
  const engine = wasmEngine(options);
  afterAll(async () => (await engine).dispose());
  formSuite(async () => (await engine).forms!);
});

test("workers with a memory each have no forms: what one builds another could not read", async () => {
  const engine = await wasmEngine({ threads: 2, shared: false });
  expect(engine.forms).toBeUndefined();
  await engine.dispose();
});

describe.for(["float64", "float32"] as Precision[])("%s", (precision) => {
  test("the same bits for 1, 2 and 4 workers and on the calling thread", async () => {
    const chains = Array.from({ length: 11 }, (_, k) => chainOf([53, [20, 7]], floats(k)));
    const found = [];
    for (const threads of [0, 1, 2, 4]) {
      const engine = await wasmEngine({ threads });
      const { forms } = engine;
      const loaded = await Promise.all(chains.map((chain) => forms!.load(chain, precision)));
      found.push((await forms!.products(loaded)).slices);
      await engine.dispose();
    }
    for (const other of found.slice(1)) expect(other).toEqual(found[0]);
  });
});

test("what products take is given back, also after an abort", async () => {
  const engine = await wasmEngine({ threads: 2 });
  const forms = engine.forms!;
  const loaded = await forms.load(chainOf([200, [40, 9]], floats(1)), "float64");
  const many = Array(600).fill(loaded);
  // Each takes some 64 MiB of the 4 GiB there are.
  for (let k = 0; k < 80; k++) {
    const stop = new AbortController();
    const products = forms.products(many, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error("enough")), 4);
    await expect(products).rejects.toThrow("enough");
  }
  await engine.dispose();
});
