import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Engine,
  type Network,
  openEngine,
  type Precision,
  similarityMatrix,
  sliceMatrices,
  weightCosineMatrix,
} from "../../src/index.node.ts";
import { fastest, gemmPeak } from "./support/gemm-peak.ts";
import { opened } from "./support/opened-engine.ts";
import { type PeerResult, peerResults } from "./support/peer.ts";
import { modularAddition, peerSeries } from "./support/weights.ts";

const { count, hidden, inputs, outputs } = modularAddition;
const root = join(fileURLToPath(import.meta.url), "..", "..", "..");

export const name = `similarity: every pair of ${count} checkpoints of modular addition (${inputs} → bilinear ${hidden} → ${outputs})`;

/** Floating-point operations of the definition: four Gram matrices, and DᵀD, for each pair. */
const flops = ((count * (count + 1)) / 2) * (8 * hidden ** 2 * inputs + 2 * hidden ** 2 * outputs);

/** How fast one engine made the matrix, and what its entries sum up to. */
interface Measured {
  readonly label: string;
  readonly precision: Precision;
  readonly seconds: number;
  readonly sum: number;
}

export async function run(print: (line: string) => void): Promise<void> {
  const networks = peerSeries(modularAddition).map(
    (weights): Network => ({ layers: [{ kind: "bilinear", ...weights }] }),
  );
  const measured: Measured[] = [];
  for (const engineName of ["wasm", "onnx", "tfjs"] as const) {
    const engine = await opened(engineName, print);
    if (!engine) continue;
    for (const precision of engine.info.precisions) {
      measured.push(await measure(networks, engine, precision, print));
    }
    await engine.dispose();
  }
  const reference = await openEngine("reference");
  const { seconds } = await similarityMatrix(networks.slice(0, 10), { engine: reference });
  const all = seconds * ((count * (count + 1)) / (10 * 11));
  print(`${"reference float64".padEnd(26)} ${all.toFixed(2)} s, extrapolated from 10 checkpoints`);
  const weights = await fastest(3, () => weightCosineMatrix(networks));
  print(`${"weight cosine".padEnd(26)} ${(weights / 1000).toFixed(3)} s`);

  const sizes = ["--size", "modadd", "--n", String(count), "--engine", "torch,numpy"];
  const peers = peerResults(root, [...sizes, "--variant", "authors,cached,slices"], print);
  for (const peer of peers ?? []) comparePeer(peer, measured, print);
}

async function measure(
  networks: readonly Network[],
  engine: Engine,
  precision: Precision,
  print: (line: string) => void,
): Promise<Measured> {
  const options = { engine, precision };
  const label = `${engine.info.name} ${precision}, ${engine.info.threads} threads`;
  // A machine that is shared slows down and recovers: the peak is taken before and after.
  const before = await gemmPeak(engine, precision);
  let sum = 0;
  const seconds =
    (await fastest(5, async () => {
      const { data } = await similarityMatrix(networks, options);
      sum = data.reduce((total, entry) => total + entry, 0);
    })) / 1000;
  const peak = Math.max(before, await gemmPeak(engine, precision));
  const rate = flops / seconds / 1e9;
  print(
    `${label.padEnd(26)} ${seconds.toFixed(3)} s, ${rate.toFixed(1)} GF/s, ${((100 * rate) / peak).toFixed(0)} % of its GEMM peak ${peak.toFixed(1)} GF/s`,
  );
  const slices = await fastest(2, () => sliceMatrices(networks, options));
  print(`${"".padEnd(26)} ${(slices / 1000).toFixed(3)} s with all ${outputs} slices`);
  const third = (networks.length / 3) * 8 * hidden * (2 * inputs + outputs);
  const blocks = await fastest(2, () => similarityMatrix(networks, { ...options, memory: third }));
  print(`${"".padEnd(26)} ${(blocks / 1000).toFixed(3)} s in memory for a third of them`);
  return { label, precision, seconds, sum };
}

/** The per-pair loop of the same run on the same weights, and how many times as long it takes. */
function comparePeer(
  peer: PeerResult,
  measured: readonly Measured[],
  print: (line: string) => void,
): void {
  const ratios = measured
    .filter(({ precision }) => precision === peer.dtype)
    .map(({ label, seconds, sum }) => {
      const ratio = (peer.seconds_full_matrix / seconds).toFixed(2);
      const error =
        peer.variant === "slices" || peer.checksum === null ? undefined : sum / peer.checksum - 1;
      const agreement =
        error === undefined ? "" : ` (sums agree to ${Math.abs(error).toExponential(0)})`;
      return `${ratio} × ${label}${agreement}`;
    });
  const what = { authors: "published loop", cached: "loop, norms cached", slices: "slices loop" };
  print(
    `${`${peer.engine} ${peer.dtype}, ${what[peer.variant]}`.padEnd(40)} ${peer.seconds_full_matrix.toFixed(3)} s${peer.extrapolated ? " (extrapolated)" : ""} = ${ratios.join("; ")}`,
  );
}
