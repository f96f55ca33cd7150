import type { Mask } from "../../model/index.ts";

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
}
