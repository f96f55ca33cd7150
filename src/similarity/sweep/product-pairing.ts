import type { Network } from "../../model/index.ts";
import type { Engine, Precision } from "../../tensor/index.ts";
import { type Arithmetic, arithmeticOf } from "../closure/arithmetic.ts";
import type { Comparison } from "../comparison.ts";
import { normalised } from "../normalised.ts";
import type { Sequence } from "../series.ts";
import { breath } from "./breath.ts";
import type { Held, Pairing } from "./pairing.ts";

/** A way to take inner products in float64: what a network is turned into once, and what a pair takes. */
export interface Products<T> {
  prepared(network: Network, arithmetic: Arithmetic): Promise<T>;
  /** [dOut]: inner product of each output. */
  slices(a: T, b: T, arithmetic: Arithmetic): Promise<Float64Array>;
  /** Bytes it takes, those held by the engine included. */
  bytes(one: T): number;
  /** Frees what the engine holds of it. */
  release?(one: T): void;
  /** Rows computed side by side, so that what is done between runs of programs waits for none. Default 1. */
  readonly lanes?: number;
}

interface Prepared<T> extends Held {
  readonly content: T;
  /** The network is 2^exponent times what was prepared. */
  readonly exponent: number;
}

/**
 * Networks paired by some products.
 *
 * @throws {RangeError} when the precision is not float64
 */
export function productPairing<T>(
  sequence: Sequence,
  { check, rule, substitution }: Comparison,
  products: Products<T>,
  {
    engine,
    precision,
    signal,
  }: { engine: Engine; precision: Precision; signal: AbortSignal | undefined },
): Pairing<Prepared<T>> {
  if (precision !== "float64") {
    throw new RangeError(
      `Cannot compare networks by metric "${rule.metric}" in ${precision}: expected float64`,
    );
  }
  const turn = breath();
  const pause = async () => {
    await turn();
    signal?.throwIfAborted();
  };
  const arithmetic = arithmeticOf(engine, pause, signal);
  return {
    length: sequence.length,
    async load(index) {
      const found = await sequence.at(index);
      check(found);
      const { network, exponent } = normalised(found.network, substitution);
      const content = await products.prepared(network, arithmetic);
      return {
        content,
        exponent,
        bytes: products.bytes(content),
        rounding: Number.NEGATIVE_INFINITY,
        release: () => products.release?.(content),
      };
    },
    async row({ content, exponent }, bs) {
      const rows: Float64Array[] = [];
      for (const b of bs) {
        const slices = await products.slices(content, b.content, arithmetic);
        rows.push(finite(slices, rule.metric));
      }
      const slices = new Float64Array(rows.length * rows[0]!.length);
      for (const [k, row] of rows.entries()) slices.set(row, k * row.length);
      return { slices, exponents: Int32Array.from(bs, (b) => exponent + b.exponent) };
    },
    // Products look at the signal themselves.
    batch: () => 8,
    lanes: products.lanes ?? 1,
  };
}

/** @throws {RangeError} when a moment has left the range of float64 all the same */
function finite(slices: Float64Array, metric: string): Float64Array {
  for (const slice of slices) {
    if (Number.isFinite(slice)) continue;
    throw new RangeError(
      `Cannot compare networks by metric "${metric}": expected moments within the range of float64, found ${slice}; degrees multiply from layer to layer`,
    );
  }
  return slices;
}
