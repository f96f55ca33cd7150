import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { Case } from "./vector-model.ts";

export {
  type Case,
  isFeedForward,
  type Model,
  matrixOf,
  networkOf,
  type Pair,
  type Products,
} from "./vector-model.ts";

/** The cases of `test/vectors/<name>.json`: numbers of an independent implementation. */
export function cases<Input, Expected>(name: string): Case<Input, Expected>[] {
  const url = new URL(`../vectors/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")).cases;
}

/** Within `relative` of the expected value, or within 1e-12 near zero; the tolerance of the vectors. */
export function expectClose(found: number, expected: number, relative = 1e-10): void {
  const error = Math.abs(found - expected);
  const allowed = Math.max(relative * Math.abs(expected), relative / 100);
  expect(error, `found ${found}, expected ${expected}`).toBeLessThanOrEqual(allowed);
}

export function expectAllClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  relative?: number,
): void {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expectClose(found[i]!, expected[i]!, relative);
}
