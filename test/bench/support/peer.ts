import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** One measured line of the Python peer. */
export interface PeerResult {
  readonly variant: "authors" | "cached" | "slices";
  readonly dtype: "float64" | "float32";
  readonly engine: "torch" | "numpy";
  readonly seconds_full_matrix: number;
  readonly extrapolated: boolean;
  readonly checksum: number | null;
}

const pythons = ["/usr/bin/python3", "python3"];

/** A Python that has torch, or undefined. */
function pythonWithTorch(): string | undefined {
  return pythons.find((python) => spawnSync(python, ["-c", "import torch"]).status === 0);
}

/** Whether that Python multiplies with OpenBLAS; Debian's fallback is some ten times as slow. */
function usesOpenBlas(python: string): boolean {
  const script =
    "import numpy as n, sys; n.ones((9, 9)) @ n.ones((9, 9)); sys.exit('openblas' not in open('/proc/self/maps').read())";
  return spawnSync(python, ["-c", script]).status === 0;
}

/**
 * Times the per-pair loop in torch on the same generated weights (`peer_bench.py` beside the benchmarks),
 * once with OpenBLAS as it chooses and once with its AVX-512 kernel forced; the faster run counts.
 *
 * @param args further arguments of peer_bench.py, e.g. `["--size", "modadd", "--n", "90"]`
 * @returns undefined, with a printed message, where torch is absent
 */
export function peerResults(
  root: string,
  args: readonly string[],
  print: (line: string) => void,
): readonly PeerResult[] | undefined {
  const python = pythonWithTorch();
  if (!python) {
    print("peer skipped: no Python with torch (Debian: apt install python3-torch)");
    return undefined;
  }
  if (!usesOpenBlas(python)) {
    print(
      "peer runs without OpenBLAS, so it is no fair peer (Debian: apt install libopenblas0-pthread)",
    );
  }
  const runs = ["", "SKYLAKEX"].map((core) => {
    const environment = core ? { ...process.env, OPENBLAS_CORETYPE: core } : process.env;
    const script = join(root, "test", "bench", "peer_bench.py");
    const run = spawnSync(python, [script, ...args], { env: environment, encoding: "utf8" });
    if (run.status !== 0) {
      print(`peer failed: ${run.stderr.trim().split("\n").at(-1)}`);
      return [];
    }
    return run.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as PeerResult);
  });
  const fastest = new Map<string, PeerResult>();
  for (const result of runs.flat()) {
    const key = `${result.variant} ${result.dtype} ${result.engine}`;
    const before = fastest.get(key);
    if (!before || result.seconds_full_matrix < before.seconds_full_matrix)
      fastest.set(key, result);
  }
  return [...fastest.values()];
}
