import type { Engine, Precision } from "../../tensor/index.ts";
import type { Comparison } from "../comparison.ts";
import type { Held, Pairing } from "../pairing.ts";
import type { Sequence } from "../series.ts";
import { breath } from "../sweep.ts";
import { arithmeticOf, bytesOf } from "./arithmetic.ts";
import { slicesOf, type Walked, walked, walkedWith } from "./walk.ts";

/** A network walked by itself; its product with itself is part of that. */
interface WalkedNetwork extends Held {
  readonly walk: Walked;
}

/**
 * Networks paired by the Gaussian closure: means and covariances go from wire to wire, exactly through
 * each layer if its input is normal. What concerns one network alone is computed when it is loaded.
 *
 * @throws {RangeError} when the precision is not float64
 */
export function closurePairing(
  sequence: Sequence,
  { check, positions, substitution }: Comparison,
  engine: Engine,
  { precision, signal }: { precision: Precision; signal: AbortSignal | undefined },
): Pairing<WalkedNetwork> {
  if (precision !== "float64") {
    throw new RangeError(
      `Cannot compare networks by metric "closure" in ${precision}: expected float64`,
    );
  }
  const turn = breath();
  const arithmetic = arithmeticOf(engine, async () => {
    await turn();
    signal?.throwIfAborted();
  });
  return {
    length: sequence.length,
    async load(index) {
      const found = await sequence.at(index);
      check(found);
      const walk = await walked(found.network, positions, substitution, "product", arithmetic);
      return {
        walk,
        bytes: bytesOf([walk.start]) + walk.traces.reduce((bytes, trace) => bytes + trace.bytes, 0),
        rounding: Number.NEGATIVE_INFINITY,
        release() {},
      };
    },
    async row({ walk }, bs) {
      const rows: Float64Array[] = [];
      for (const b of bs) {
        const covariance = await walkedWith(walk, b.walk, "product", arithmetic);
        rows.push(finite(slicesOf(walk, b.walk, covariance)));
      }
      const slices = new Float64Array(rows.length * rows[0]!.length);
      for (const [k, row] of rows.entries()) slices.set(row, k * row.length);
      return { slices, exponents: new Int32Array(rows.length) };
    },
    // Rows look at the signal themselves.
    batch: () => 8,
  };
}

/** @throws {RangeError} when a moment has left the range of float64: degrees multiply from layer to layer */
function finite(slices: Float64Array): Float64Array {
  for (const slice of slices) {
    if (Number.isFinite(slice)) continue;
    throw new RangeError(
      `Cannot compare networks by metric "closure": expected moments within the range of float64, found ${slice}; scale the weights of the last layer down`,
    );
  }
  return slices;
}
