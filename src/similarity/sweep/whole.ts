import type { Engine, FormProducts, Precision } from "../../tensor/index.ts";
import type { Comparison } from "../comparison.ts";
import { roundingLevel } from "../rounding.ts";
import type { Sequence } from "../series.ts";

/** Every inner product of a series at once, in place of the rows of a sweep. */
export interface Whole {
  /** Whether that takes less than so many pairs one by one. */
  worth(pairs: number): boolean;
  /** @throws the signal's reason, soon after it aborts; nothing stays loaded */
  products(options: WholeOptions): Promise<WholeProducts>;
}

export interface WholeOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told the part that is done, from 0 to 1. */
  readonly progress?: ((part: number) => void) | undefined;
}

export interface WholeProducts extends FormProducts {
  /** [n]: see `Held.rounding`. */
  readonly roundings: readonly number[];
}

/** The networks of a series through their quadratic forms, all of them held by the engine at one time. */
export function wholeByForms(
  sequence: Sequence,
  comparison: Comparison,
  engine: Engine & Required<Pick<Engine, "forms">>,
  precision: Precision,
  worth: Whole["worth"],
): Whole {
  return {
    worth,
    async products({ signal, progress }) {
      const loaded = [];
      const roundings: number[] = [];
      try {
        for (let index = 0; index < sequence.length; index++) {
          signal?.throwIfAborted();
          const chain = comparison.chain(await sequence.at(index));
          roundings.push(roundingLevel(chain, precision));
          loaded.push(await engine.forms.load(chain, precision));
        }
        const products = await engine.forms.products(loaded, { signal, progress });
        return { ...products, roundings };
      } finally {
        for (const one of loaded) one.release();
      }
    },
  };
}
