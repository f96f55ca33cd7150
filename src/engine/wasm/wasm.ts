import type { Engine, EngineInfo } from "../../tensor/index.ts";
import { WasmChains } from "./chains.ts";
import { WasmForms } from "./forms.ts";
import { Multiplier } from "./gemm.ts";
import { inlineSpawn } from "./inline.ts";
import { compiled, mostPages } from "./kernels.ts";
import { Pool } from "./pool.ts";
import { WasmPrograms } from "./program/programs.ts";
import { type Spawn, workersHere } from "./spawn.ts";
import { CopiedStore, DirectStore } from "./store.ts";

/** Options of {@link wasmEngine}. */
export interface WasmOptions {
  /**
   * Workers that compute rows; default one for each core, where workers can be started. 0 computes on
   * the calling thread, a task of some milliseconds in each turn of the event loop.
   */
  readonly threads?: number;
  /**
   * Whether the workers share one memory. Default where they can: in Node, and in pages that are
   * cross-origin isolated. Otherwise each worker holds its own copy of every loaded chain.
   */
  readonly shared?: boolean;
  /** Starts workers in place of the environment's own way. */
  readonly spawn?: Spawn;
}

/**
 * Our own WebAssembly SIMD kernels, float64 and float32, the same bytes in Node and in browsers, and the
 * same bits out of them whatever the machine and the number of threads: no relaxed SIMD, sums in one
 * fixed order. `gemm` runs on the calling thread; `chains` packs every chain once and spreads the pairs
 * of a row over workers, `programs` the groups of a run. No worker is started before the first of either.
 *
 * @throws {RangeError} when `threads` is not a whole number, or workers are asked for where none can be
 */
export async function wasmEngine(options: WasmOptions = {}): Promise<Engine> {
  const here = workersHere();
  const threads = options.threads ?? here?.threads ?? 0;
  const spawn = threads === 0 ? inlineSpawn : (options.spawn ?? here?.spawn);
  if (!Number.isInteger(threads) || threads < 0) {
    throw new RangeError(
      `Cannot open engine "wasm": expected a whole number of threads, found ${threads}`,
    );
  }
  if (!spawn) {
    throw new RangeError(
      `Cannot open engine "wasm" with ${threads} threads: workers cannot be started here`,
    );
  }
  const info: EngineInfo = {
    name: "wasm",
    precisions: ["float64", "float32"],
    threads: Math.max(1, threads),
    deterministic: true,
  };
  const multiplier = new Multiplier(info, await compiled(false));
  const shared = threads > 0 && (options.shared ?? canShare());
  const module = await compiled(shared);
  const { store, pool } = parts(spawn, Math.max(1, threads), module, shared, threads === 0);
  return {
    info,
    gemm: async (a, b, gemmOptions) => multiplier.multiply(a, b, gemmOptions),
    chains: new WasmChains(store, pool),
    // Features that one worker builds are multiplied by another: they need one memory.
    ...(store instanceof DirectStore ? { forms: new WasmForms(store, pool) } : {}),
    programs: new WasmPrograms(store, pool, info.threads),
    dispose: async () => pool.dispose(),
  };
}

function parts(
  spawn: Spawn,
  threads: number,
  module: WebAssembly.Module,
  shared: boolean,
  inline: boolean,
) {
  if (shared || inline) {
    const memory = reserve(shared);
    const store = new DirectStore(memory);
    return { store, pool: new Pool(spawn, threads, { kind: "start", module, memory }, () => []) };
  }
  const store: CopiedStore = new CopiedStore((write) => pool.send(write));
  const start = { kind: "start", module, memory: undefined } as const;
  const pool: Pool = new Pool(spawn, threads, start, () => store.writes);
  return { store, pool };
}

function canShare(): boolean {
  // In Node `crossOriginIsolated` is not defined and memory can always be shared.
  const isolated: boolean = globalThis.crossOriginIsolated ?? true;
  return typeof SharedArrayBuffer !== "undefined" && isolated;
}

/** A memory of one page that may grow as far as this machine lets it: addresses are reserved for all. */
function reserve(shared: boolean): WebAssembly.Memory {
  for (let maximum = mostPages; ; maximum = Math.floor(maximum / 2)) {
    try {
      return new WebAssembly.Memory({ initial: 1, maximum, shared });
    } catch (error) {
      if (!(error instanceof RangeError) || maximum < 256) throw error;
    }
  }
}
