import "../../../src/engine/node/index.ts";
import { expect, test } from "vitest";
import { openEngine, referenceEngine, sharedEngine } from "../../../src/engine/index.ts";
import type { Network } from "../../../src/model/index.ts";
import { metricRule } from "../../../src/similarity/metric.ts";
import { measuredRates } from "../../../src/similarity/plan/calibration.ts";
import { engineFor } from "../../../src/similarity/plan/engine-for.ts";
import {
  formsAreWorth,
  type Job,
  type PlannedEngine,
  planOf,
} from "../../../src/similarity/plan/plan.ts";
import { nominalRates } from "../../../src/similarity/plan/rates.ts";
import { matrix } from "../../../src/tensor/index.ts";

const wasm: PlannedEngine = { name: "wasm", threads: 2, forms: true };
const onnx: PlannedEngine = { name: "onnx", threads: 2, forms: true };
const rule = metricRule({ nonlinear: 1, attention: 0 }, undefined, true);

function job(networks: number, [d, h, c]: readonly [number, number, number]): Job {
  const network: Network = {
    layers: [{ kind: "bilinear", left: matrix(h, d), right: matrix(h, d), down: matrix(c, h) }],
  };
  return { rule, network, networks, extent: "matrix" };
}

const wide = job(200, [784, 512, 10]);
const means = { engine: wasm, precision: "float64" } as const;

test.for([
  ["modular addition", job(90, [226, 64, 113]), "gram", "gram"],
  ["svhn", job(45, [1024, 64, 10]), "gram", "gram"],
  ["wide", wide, "forms", "forms"],
  ["wide, few", { ...wide, networks: 3 }, "gram", "gram"],
  ["wide, one row", { ...wide, extent: "row" }, "gram", "gram"],
  ["wide, little memory", { ...wide, memory: 2 ** 30 }, "gram", "gram"],
] as const)("the route of %s is what takes less", ([, one, onWasm, onOnnx]) => {
  expect(planOf(one, means).route).toBe(onWasm);
  expect(planOf(one, { ...means, engine: onnx }).route).toBe(onOnnx);
  expect(planOf(one, { ...means, engine: { ...wasm, forms: false } }).route).toBe("gram");
});

test("operations and bytes are those of the formulas", () => {
  const [P, pairs] = [(784 * 785) / 2, (200 * 201) / 2];
  expect(planOf(wide, means)).toMatchObject({
    networks: 200,
    pairs,
    flops: 200 * 512 * P * 23 + pairs * 20 * P,
    bytes: 200 * 8 * 512 * (2 * 784 + 10) + 2 ** 26,
  });
  const small = job(10, [6, 4, 3]);
  expect(planOf(small, means).flops).toBe(55 * (8 * 16 * 6 + 2 * 16 * 3 + 2 * 4 * 3));
});

test("what is measured predicts seconds and decides nothing", () => {
  const slow = { product: 1e6, gemm: 1e6, call: 1 };
  const plan = planOf(wide, means);
  const slowly = planOf(wide, { ...means, rates: slow });
  expect(slowly.seconds).toBeGreaterThan(1000 * plan.seconds);
  expect({ ...slowly, seconds: 0 }).toEqual({ ...plan, seconds: 0 });
});

test("forms of all are worth it for many pairs that are missing, not for a row of them", () => {
  expect(formsAreWorth(wide, means, 20_100)).toBe(true);
  expect(formsAreWorth(wide, means, 200)).toBe(false);
  expect(formsAreWorth({ ...wide, extent: "row" }, means, 20_100)).toBe(false);
});

test("nominal rates grow with threads, and are twice as high in float32", () => {
  const [one, four] = [1, 4].map((threads) => nominalRates({ name: "wasm", threads }, "float64"));
  expect(four!.product).toBe(4 * one!.product);
  // A call of gemm has the calling thread alone.
  expect(four!.gemm).toBe(one!.gemm);
  expect(nominalRates({ name: "wasm", threads: 1 }, "float32").product).toBe(2 * one!.product);
  const unknown = nominalRates({ name: "own", threads: 1 }, "float64");
  expect(unknown).toEqual(nominalRates({ name: "reference", threads: 1 }, "float64"));
});

test("rates are measured once for an engine", async () => {
  const engine = referenceEngine();
  const rates = await measuredRates(engine, "float64");
  expect(rates.gemm).toBeGreaterThan(0);
  const again = { ...engine, gemm: () => Promise.reject(new Error("asked again")) };
  expect(await measuredRates(again, "float64")).toBe(rates);
});

test('"auto" takes wasm for what is soon done, and what is asked for whatever it is', async () => {
  const small = job(10, [6, 4, 3]);
  expect((await engineFor(small, {})).engine).toBe(await sharedEngine("wasm"));
  expect((await engineFor(wide, { engine: "reference" })).engine.info.name).toBe("reference");
  const own = referenceEngine();
  expect(await engineFor(wide, { engine: own, precision: "float32" })).toEqual({
    engine: own,
    precision: "float32",
  });
});

test('"auto" takes a native engine for what lasts, where it is installed and faster', async () => {
  const installed = await openEngine("onnx").then(
    async (engine) => {
      await engine.dispose();
      return true;
    },
    () => false,
  );
  for (const precision of ["float64", "float32"] as const) {
    const outruns = installed && (precision === "float32" || process.arch === "x64");
    const { engine } = await engineFor(wide, { precision });
    expect(engine.info.name).toBe(outruns ? "onnx" : "wasm");
  }
});
