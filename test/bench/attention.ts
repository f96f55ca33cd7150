import {
  type AttentionLayer,
  type Engine,
  type Network,
  similarityMatrix,
} from "../../src/index.node.ts";
import { arithmeticOf } from "../../src/similarity/closure/arithmetic.ts";
import { closureCosts } from "../../src/similarity/closure/closure-cost.ts";
import { closureProducts } from "../../src/similarity/closure/closure-products.ts";
import { matrix, Random } from "../../src/tensor/index.ts";
import { fastest, gemmPeak } from "./support/gemm-peak.ts";
import { opened } from "./support/opened-engine.ts";

export const name = "closure of attention (d 256, 8 heads, rotary, causal), float64";

const random = new Random(7);

function drawn(rows: number, columns: number) {
  const data = Float64Array.from(
    { length: rows * columns },
    () => random.normal() / Math.sqrt(columns),
  );
  return matrix(rows, columns, data);
}

function attention(d: number, heads: number): AttentionLayer {
  return {
    kind: "attention",
    heads,
    query1: drawn(d, d),
    key1: drawn(d, d),
    query2: drawn(d, d),
    key2: drawn(d, d),
    value: drawn(d, d),
    output: drawn(d, d),
    rotaryBase: 10000,
    residual: 1,
    gain: 0.35,
  };
}

const cases = [
  { layers: 1, n: 4, repeats: 3 },
  { layers: 1, n: 256, repeats: 1 },
  { layers: 2, n: 4, repeats: 2 },
] as const;

export async function run(print: (line: string) => void): Promise<void> {
  for (const engineName of ["wasm", "onnx"] as const) {
    const engine = await opened(engineName, print);
    if (!engine) continue;
    if (engine.programs) {
      print(`${engineName}, ${engine.info.threads} threads`);
      for (const one of cases) await measure(engine, one, print);
      await series(engine, print);
    } else {
      print(`${engineName} skipped: it has no programs of its own`);
    }
    await engine.dispose();
  }
}

/** Seconds of a network and of a pair, and what the pair is of the products' limit. */
async function measure(
  engine: Engine,
  { layers, n, repeats }: (typeof cases)[number],
  print: (line: string) => void,
): Promise<void> {
  const before = await gemmPeak(engine, "float64");
  const products = closureProducts({ positions: n, substitution: undefined });
  const arithmetic = arithmeticOf(engine, async () => {});
  const network = (): Network => ({
    nContext: n,
    layers: Array.from({ length: layers }, () => attention(256, 8)),
  });
  const b = await products.prepared(network(), arithmetic);
  const since = performance.now();
  const a = await products.prepared(network(), arithmetic);
  const prepared = performance.now() - since;
  const pair = await fastest(repeats, () => products.slices(a, b, arithmetic));
  // What others take of a shared machine is not in it.
  const used = process.cpuUsage();
  await products.slices(a, b, arithmetic);
  const { user, system } = process.cpuUsage(used);
  const peak = Math.max(before, await gemmPeak(engine, "float64"));
  const { macs } = closureCosts(network(), n).pair;
  const rate = (2 * macs) / pair / 1e6;
  print(
    `  ${`${layers} layer${layers === 1 ? "" : "s"}, ${n} positions`.padEnd(24)} a pair ${(pair / 1000).toFixed(3)} s, ${(macs / 1e9).toFixed(1)} GMAC, ${rate.toFixed(1)} GF/s, ${((100 * rate) / peak).toFixed(0)} % of its GEMM peak ${peak.toFixed(1)} GF/s, processor time ${((user + system) / 1e6).toFixed(3)} s; a network with itself ${(prepared / 1000).toFixed(3)} s`,
  );
  for (const one of [a, b]) products.release?.(one);
}

/** Every pair of 31 small networks of two layers: what is done between products counts. */
async function series(engine: Engine, print: (line: string) => void): Promise<void> {
  const small = () => ({ ...attention(8, 2), rotaryBase: 1000 });
  const networks = Array.from(
    { length: 31 },
    (): Network => ({ nContext: 8, layers: [small(), small()] }),
  );
  await similarityMatrix(networks.slice(0, 2), { engine });
  const since = performance.now();
  await similarityMatrix(networks, { engine });
  const seconds = (performance.now() - since) / 1000;
  const { macs } = closureCosts(networks[0]!, 8).pair;
  print(
    `  31 networks of 2 layers, d 8, 2 heads, 8 positions: ${seconds.toFixed(2)} s, ${((1000 * seconds) / 496).toFixed(1)} ms and ${(macs / 1e6).toFixed(0)} MMAC a pair`,
  );
}
