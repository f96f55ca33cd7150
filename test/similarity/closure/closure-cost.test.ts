import { expect, test } from "vitest";
import { programsOf, referenceEngine } from "../../../src/engine/index.ts";
import { type AttentionLayer, type Network, randomBilinear } from "../../../src/model/index.ts";
import { type Arithmetic, arithmeticOf } from "../../../src/similarity/closure/arithmetic.ts";
import { closureCosts } from "../../../src/similarity/closure/closure-cost.ts";
import { closureProducts } from "../../../src/similarity/closure/closure-products.ts";
import { macsOf } from "../../../src/similarity/closure/macs.ts";
import { matrix, Random } from "../../../src/tensor/index.ts";

const random = new Random(3);
const drawn = (rows: number, columns: number) =>
  matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  );

function heads(settings: Partial<AttentionLayer> = {}): AttentionLayer {
  const [d, rows] = [6, 4];
  return {
    kind: "attention",
    heads: 2,
    query1: drawn(rows, d),
    key1: drawn(rows, d),
    query2: drawn(rows, d),
    key2: drawn(rows, d),
    value: drawn(rows, d),
    output: drawn(d, rows),
    ...settings,
  };
}

/** Products and steps that work takes. */
function counted(): { arithmetic: Arithmetic; count: { macs: number; steps: number } } {
  const engine = referenceEngine();
  const programs = programsOf(engine);
  const count = { macs: 0, steps: 0 };
  const arithmetic: Arithmetic = {
    ...arithmeticOf(engine, async () => {}),
    async times(a, b, options) {
      const found = await engine.gemm(a, b, options);
      const inner = a.shape[options?.transposeA ? 0 : 1];
      count.macs += found.data.length * inner;
      return found;
    },
    programs: {
      load: (one) => programs.load(one),
      allocate: (shape, precision) => programs.allocate(shape, precision),
      read: (held) => programs.read(held),
      run(program, groups, options) {
        const tasks = groups.reduce((sum, group) => sum + group.tasks.length, 0);
        count.macs += tasks * macsOf(program);
        count.steps += tasks * program.steps.length;
        return programs.run(program, groups, options);
      },
    },
  };
  return { arithmetic, count };
}

const bias = { query1Bias: drawn(1, 4).data };
const bilinear = randomBilinear({ dIn: 6, dHidden: 5, dOut: 6, seed: 1 }).layers;
const networks: Record<string, () => Network> = {
  "one layer": () => ({ nContext: 3, layers: [heads()] }),
  "one layer, rotary, residual": () => ({
    nContext: 5,
    layers: [heads({ rotaryBase: 10, residual: 1 })],
  }),
  "one layer, biases": () => ({ nContext: 3, layers: [heads(bias)] }),
  "two layers, rotary": () => ({
    nContext: 4,
    layers: [heads({ rotaryBase: 10 }), heads({ rotaryBase: 10 })],
  }),
  "two layers, no mask": () => ({
    nContext: 3,
    layers: [heads({ mask: "none" }), heads({ mask: "none" })],
  }),
  "attention, bilinear": () => ({ nContext: 3, layers: [heads(), ...bilinear] }),
};

test.for(Object.entries(networks))("%s: a pair takes what is told before", async ([, network]) => {
  const { arithmetic, count } = counted();
  const { pair } = closureCosts(network(), network().nContext!);
  const products = closureProducts({ positions: network().nContext!, substitution: undefined });
  const a = await products.prepared(network(), arithmetic);
  const b = await products.prepared(network(), arithmetic);
  Object.assign(count, { macs: 0, steps: 0 });
  await products.slices(a, b, arithmetic);
  expect(pair.macs / count.macs).toBeGreaterThan(0.9);
  expect(pair.macs / count.macs).toBeLessThan(1.1);
  expect(pair.steps / count.steps).toBeGreaterThan(0.9);
  expect(pair.steps / count.steps).toBeLessThan(1.1);
});

test("one layer of 8 heads on 256 positions takes 41 GMAC for a pair, on 4 one", () => {
  const layer: AttentionLayer = {
    ...heads({ rotaryBase: 10 }),
    heads: 8,
    query1: matrix(256, 256),
    output: matrix(256, 256),
  };
  const of = (n: number) => closureCosts({ nContext: n, layers: [layer] }, n).pair.macs / 1e9;
  expect(of(256)).toBeCloseTo(41.7, 1);
  expect(of(4)).toBeCloseTo(1.5, 1);
});
