import type { AttentionLayer, Mask } from "../../model/index.ts";
import type { Numbers } from "../../tensor/index.ts";

/** What decides which products the closure of an attention layer takes, whatever its weights. */
export interface AttentionShape {
  readonly heads: number;
  /** Entries of a leg. */
  readonly width: number;
  readonly mask: Mask;
  /** Whether there is a rotary embedding. */
  readonly turning: boolean;
  /** Whether positions are independent and alike where it reads. */
  readonly alike: boolean;
  /** Whether the legs have means. */
  readonly shifted: boolean;
  /** Whether the two scores are the same: quadratic attention. */
  readonly squared: boolean;
}

/** Whether both scores of a layer have the same queries, keys and biases. */
export function isSquared(layer: AttentionLayer): boolean {
  return (
    alike(layer.query1.data, layer.query2.data) &&
    alike(layer.key1.data, layer.key2.data) &&
    alike(layer.query1Bias, layer.query2Bias) &&
    alike(layer.key1Bias, layer.key2Bias)
  );
}

function alike(x: Numbers | undefined, y: Numbers | undefined): boolean {
  return x === y || (x !== undefined && y !== undefined && x.every((entry, i) => entry === y[i]));
}
