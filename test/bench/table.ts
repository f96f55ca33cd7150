import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type EngineName, openEngine, type Precision } from "../../src/index.node.ts";
import { deep3 } from "./rows/deep3.ts";
import { lang } from "./rows/lang.ts";
import { modadd } from "./rows/modadd.ts";
import type { Measurement, Row } from "./rows/row.ts";
import { svhn } from "./rows/svhn.ts";
import { wide } from "./rows/wide.ts";
import { gemmPeak, gemmProcessorRate } from "./support/gemm-peak.ts";
import { type PeerResult, peerResults } from "./support/peer.ts";

const rows: readonly Row[] = [modadd, svhn, deep3, wide, lang];
const root = join(fileURLToPath(import.meta.url), "..", "..", "..");

export const name =
  "table: --only modadd,svhn,deep3,wide,lang  --engine wasm,onnx  --precision float64,float32  --share 0.2  --budget 20 (seconds of a peer's loop, 0 for none)";

function settings() {
  const { values } = parseArgs({
    strict: false,
    options: {
      only: { type: "string", default: rows.map((row) => row.name).join(",") },
      engine: { type: "string", default: "wasm,onnx" },
      precision: { type: "string", default: "float64" },
      share: { type: "string", default: "1" },
      budget: { type: "string", default: "20" },
    },
  });
  const list = (text: unknown) => String(text).split(",");
  const share = Number(values["share"]);
  if (!(share > 0 && share <= 1)) {
    throw new RangeError(`Cannot measure a share of ${share}: expected above 0, at most 1`);
  }
  return {
    only: list(values["only"]),
    engines: list(values["engine"]) as EngineName[],
    precisions: list(values["precision"]) as Precision[],
    share,
    budget: Number(values["budget"]),
  };
}

/** Each row on each engine: seconds, rate, part of the limit, prediction, and the peer's loops beside it. */
export async function run(print: (line: string) => void): Promise<void> {
  const { only, engines, precisions, share, budget } = settings();
  for (const row of rows.filter((one) => only.includes(one.name))) {
    print(`\n${row.name}: ${row.title}`);
    for (const precision of precisions) {
      const peers = row.peer && budget > 0 ? peersOf(row.peer, precision, budget, print) : [];
      for (const engine of engines) await measure(row, engine, precision, share, peers, print);
    }
  }
}

async function measure(
  row: Row,
  engineName: EngineName,
  precision: Precision,
  share: number,
  peers: readonly PeerResult[],
  print: (line: string) => void,
): Promise<void> {
  const label = `${engineName} ${precision}`.padEnd(14);
  try {
    const engine = await openEngine(engineName);
    try {
      // A machine that is shared slows down and recovers: the peak is taken before and after.
      const before = await gemmPeak(engine, precision);
      const processor = await gemmProcessorRate(engine, precision);
      const measured = await row.measure({ engine, precision, share });
      const peak = Math.max(before, await gemmPeak(engine, precision));
      print(`  ${label} ${told(measured, peak, processor, peers)}`);
    } finally {
      await engine.dispose();
    }
  } catch (error) {
    print(`  ${label} skipped: ${error instanceof Error ? error.message : error}`);
  }
}

function told(
  { seconds, processor, flops, predicted, route, measured, sum }: Measurement,
  peak: number,
  processorPeak: number,
  peers: readonly PeerResult[],
): string {
  const rate = flops / seconds / 1e9;
  const parts = [
    `${seconds.toFixed(3)} s`,
    `${rate.toFixed(1)} GF/s`,
    `${((100 * rate) / peak).toFixed(0)} % of its limit (GEMM ${peak.toFixed(1)} GF/s)`,
    `${((100 * flops) / processor / 1e9 / processorPeak).toFixed(0)} % by processor time (${processor.toFixed(2)} s, GEMM ${processorPeak.toFixed(1)} GF/s)`,
    `${route} route`,
    `predicted ÷ measured ${(predicted / seconds).toFixed(2)}`,
  ];
  for (const variant of ["authors", "cached"] as const) {
    const own = peers.filter((peer) => peer.variant === variant);
    if (own.length === 0) continue;
    const best = own.reduce((x, y) => (y.seconds_full_matrix < x.seconds_full_matrix ? y : x));
    const loop = variant === "authors" ? "the published loop" : "the cached loop";
    parts.push(`${(best.seconds_full_matrix / seconds).toFixed(1)} × ${loop}`);
    if (sum !== undefined && best.checksum !== null && variant === "cached") {
      parts.push(`sums agree to ${Math.abs(sum / best.checksum - 1).toExponential(0)}`);
    }
  }
  return parts.join(", ") + (measured ? ` — extrapolated from ${measured}` : "");
}

function peersOf(
  row: readonly string[],
  precision: Precision,
  budget: number,
  print: (line: string) => void,
): readonly PeerResult[] {
  const own = ["--dtype", precision, "--variant", "authors,cached", "--budget", String(budget)];
  const peers = peerResults(root, [...row, ...own, "--engine", "torch,numpy"], print) ?? [];
  for (const { variant, engine, seconds_full_matrix, extrapolated } of peers) {
    print(
      `  peer ${engine}, ${variant}: ${seconds_full_matrix.toFixed(2)} s${extrapolated ? ", extrapolated" : ""}`,
    );
  }
  return peers;
}
