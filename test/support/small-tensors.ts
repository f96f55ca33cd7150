import { type StoredTensor, storedOf } from "../../src/checkpoint/index.ts";

/** A tensor of these numbers. */
export const tensor = (shape: number[], ...values: number[]) => ({
  shape,
  data: Float64Array.from(values),
});
/** A tensor of each of some types and shapes, by name. */
export const small = new Map<string, StoredTensor>([
  ["left", storedOf(tensor([2, 1], 1.5, -2), "F32")],
  ["flag", storedOf(tensor([1], 1), "BOOL")],
  ["wide", storedOf(tensor([1, 2], Number.NaN, 1e300), "F64")],
  ["none", storedOf(tensor([0, 5]), "F16")],
  ["one", storedOf(tensor([], -3), "I64")],
]);
