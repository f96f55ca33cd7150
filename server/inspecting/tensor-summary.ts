import { type StoredTensor, type StoredType, tensorOf } from "../../src/checkpoint/index.ts";

/** One tensor of a file: what it is stored as, and its numbers in a few. */
export interface TensorSummary {
  readonly name: string;
  readonly type: StoredType;
  readonly shape: readonly number[];
  readonly bytes: number;
  /** Of the finite numbers; absent when there is none. */
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  readonly nan: number;
  readonly infinite: number;
}

export function tensorSummary(name: string, stored: StoredTensor): TensorSummary {
  const { data } = tensorOf(stored, name);
  let [min, max, sum, nan, infinite] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    0,
    0,
    0,
  ];
  for (const entry of data) {
    if (Number.isNaN(entry)) nan++;
    else if (!Number.isFinite(entry)) infinite++;
    else {
      if (entry < min) min = entry;
      if (entry > max) max = entry;
      sum += entry;
    }
  }
  const finite = data.length - nan - infinite;
  return {
    name,
    type: stored.type,
    shape: stored.shape,
    bytes: stored.bytes.length,
    ...(finite > 0 && { min, max, mean: sum / finite }),
    nan,
    infinite,
  };
}
