import { chainsOf, referenceEngine } from "../../src/engine/index.ts";
import type { ChainOperation, Engine } from "../../src/tensor/index.ts";

/** What an engine was asked to do, and what it holds. */
export interface Counts {
  held: number;
  bytes: number;
  /** Most bytes held at one time. */
  most: number;
  loads: number;
  rows: number;
  pairs: number;
}

/** An engine that counts chains and bytes held, and rows asked for. */
export function countingEngine(beforeRow: () => void | Promise<void> = () => {}): {
  readonly engine: Engine;
  readonly count: Counts;
} {
  const engine = referenceEngine();
  const chains = chainsOf(engine);
  const count: Counts = { held: 0, bytes: 0, most: 0, loads: 0, rows: 0, pairs: 0 };
  const counted: ChainOperation = {
    async load(chain, precision) {
      const loaded = await chains.load(chain, precision);
      count.loads++;
      count.held++;
      count.bytes += loaded.bytes;
      count.most = Math.max(count.most, count.bytes);
      const release = loaded.release.bind(loaded);
      loaded.release = () => {
        release();
        count.held--;
        count.bytes -= loaded.bytes;
      };
      return loaded;
    },
    async row(a, bs, options) {
      count.rows++;
      count.pairs += bs.length;
      await beforeRow();
      // An engine that does not hear the signal itself.
      return chains.row(a, bs, { symmetrise: options?.symmetrise ?? true });
    },
  };
  const own: Engine = { ...engine, chains: counted };
  return { engine: own, count };
}
