import {
  type BilinearLayer,
  type Engine,
  type Network,
  randomBilinear,
} from "../../src/index.node.ts";
import type { Arithmetic } from "../../src/similarity/closure/arithmetic.ts";
import { arithmeticOf } from "../../src/similarity/closure/arithmetic.ts";
import { pairCost, preparationCost } from "../../src/similarity/exact/two-layer-cost.ts";
import { twoLayerForm } from "../../src/similarity/exact/two-layer-form.ts";
import { gaussianSlices } from "../../src/similarity/exact/two-layer-product.ts";
import { fastest, gemmPeak } from "./support/gemm-peak.ts";
import { opened } from "./support/opened-engine.ts";

const [inputs, hidden, outputs] = [128, 256, 10];

export const name = `exact gaussian of two bilinear layers (${inputs} → ${hidden} → ${inputs} → ${hidden} → ${outputs}), float64`;

export async function run(print: (line: string) => void): Promise<void> {
  for (const engineName of ["wasm", "onnx"] as const) {
    const engine = await opened(engineName, print);
    if (!engine) continue;
    const own = engine.programs ? "" : ", programs composed of gemm";
    print(`${engineName}, ${engine.info.threads} threads${own}`);
    const arithmetic = arithmeticOf(engine, async () => {});
    await measure("no biases", engine, arithmetic, {}, print);
    await measure("biases, residual", engine, arithmetic, { residual: 1 }, print);
    await engine.dispose();
  }
}

async function measure(
  label: string,
  engine: Engine,
  arithmetic: Arithmetic,
  rest: Partial<BilinearLayer>,
  print: (line: string) => void,
): Promise<void> {
  const before = await gemmPeak(engine, "float64");
  const [a, b] = [1, 3].map((seed) => stack(seed, rest));
  const form = await twoLayerForm(a!, undefined, arithmetic);
  const other = await twoLayerForm(b!, undefined, arithmetic);
  const prepared = await fastest(1, async () => {
    const { forms, flat } = await twoLayerForm(a!, undefined, arithmetic);
    forms?.release();
    flat?.release();
  });
  const pair = await fastest(2, () => gaussianSlices(form, other, arithmetic));
  const peak = Math.max(before, await gemmPeak(engine, "float64"));
  const row = (what: string, milliseconds: number, macs: number) => {
    const rate = (2 * macs) / milliseconds / 1e6;
    const share = ((100 * rate) / peak).toFixed(0);
    print(
      `  ${`${label}, ${what}`.padEnd(32)} ${(milliseconds / 1000).toFixed(3)} s, ${(macs / 1e9).toFixed(1)} GMAC, ${rate.toFixed(1)} GF/s, ${share} % of its GEMM peak ${peak.toFixed(1)} GF/s`,
    );
  };
  row("a network", prepared, preparationCost(form.sizes).macs);
  row("a pair", pair, pairCost(form.sizes, other.sizes).macs);
  for (const one of [form, other]) {
    one.forms?.release();
    one.flat?.release();
  }
}

function stack(seed: number, rest: Partial<BilinearLayer>): Network {
  const [first] = randomBilinear({ dIn: inputs, dHidden: hidden, dOut: inputs, seed }).layers;
  const [second] = randomBilinear({
    dIn: inputs,
    dHidden: hidden,
    dOut: outputs,
    seed: seed + 1,
  }).layers;
  return { layers: [{ ...(first as BilinearLayer), ...rest }, second!] };
}
