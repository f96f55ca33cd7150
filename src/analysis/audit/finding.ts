/**
 * What an audit can find.
 *
 * - `unreadable`: a file is not the checkpoint it claims to be, or no network can be made of it
 * - `duplicate`: checkpoints of different steps hold the same numbers
 * - `missing`: a step of the schedule has no checkpoint
 * - `not finite`: weights are NaN or infinite
 * - `diverged`: weights are more than 1000 times as large as is usual in the series
 * - `label`: the step in a name contradicts the step in the file, or another name
 * - `break`: a network that does not follow from those before and after it
 */
export type FindingKind =
  | "unreadable"
  | "duplicate"
  | "missing"
  | "not finite"
  | "diverged"
  | "label"
  | "break";

/** Something in a series that a person should look at: plain data. */
export interface Finding {
  readonly kind: FindingKind;
  /** Indices of the checkpoints it is about; empty where there is none, as for a missing step. */
  readonly checkpoints: readonly number[];
  /** One sentence for people, without a final period. */
  readonly message: string;
}
