import { chainsOf } from "../../engine/index.ts";
import type { Chain, Engine, LoadedChain, Precision } from "../../tensor/index.ts";
import type { Comparison } from "../comparison.ts";
import { roundingLevel } from "../rounding.ts";
import type { Sequence } from "../series.ts";
import { breath } from "./breath.ts";
import type { Held, Pairing } from "./pairing.ts";

/** A network as an engine holds it. */
export interface LoadedNetwork extends Held {
  readonly chain: LoadedChain;
  /** Multiplications that a pair takes, roughly. */
  readonly cost: number;
}

/** Multiplications of one call, about a tenth of a second on one core. */
const callCost = 1.5e9;

/** Enough that threads find work while this one loads the next network, and answers are on their way. */
const lanes = 4;

/** Networks in an engine, paired by the recursion that a comparison asks for. */
export function networkPairing(
  sequence: Sequence,
  comparison: Comparison,
  engine: Engine,
  { precision, signal }: { precision: Precision; signal: AbortSignal | undefined },
): Pairing<LoadedNetwork> {
  const chains = chainsOf(engine);
  const pause = breath();
  const options = { symmetrise: comparison.rule.symmetrise, ...(signal ? { signal } : {}) };
  return {
    length: sequence.length,
    async load(index) {
      const weights = comparison.chain(await sequence.at(index));
      // Each takes a look at every weight: others get a turn between them.
      await pause();
      const rounding = roundingLevel(weights, precision);
      await pause();
      const chain = await chains.load(weights, precision);
      return {
        chain,
        cost: costOf(weights),
        bytes: chain.bytes,
        rounding,
        release: () => chain.release(),
      };
    },
    row: (a, bs) =>
      chains.row(
        a.chain,
        bs.map(({ chain }) => chain),
        options,
      ),
    // Engines share a call out to their threads, so there are always some pairs for each.
    batch: ({ cost }) => Math.max(4 * engine.info.threads, Math.ceil(callCost / cost)),
    lanes: engine.chains ? lanes : 1,
  };
}

/** Multiplications of the recursion of a chain with itself. */
function costOf({ steps }: Chain): number {
  let cost = 0;
  for (const step of steps) {
    const [dOut, width] = step.kind === "linear" ? step.weight.shape : step.down.shape;
    const dIn = step.kind === "linear" ? width : step.left.shape[1];
    cost += width * dOut * (width + dOut);
    if (step.kind === "bilinear") cost += 4 * width * width * dIn + 2 * width * dIn * dIn;
  }
  return cost;
}
