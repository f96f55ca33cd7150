import { expect, test } from "vitest";
import { exponential } from "../../src/tensor/index.ts";

test("agrees with Math.exp to two units in the last place, from 0 down to -708", () => {
  let worst = 0;
  for (let i = 0; i <= 200_000; i++) {
    const x = -708 * (i / 200_000) ** 3;
    worst = Math.max(worst, Math.abs(exponential(x) / Math.exp(x) - 1));
  }
  expect(worst).toBeLessThanOrEqual(2 * Number.EPSILON);
});

test("is exact at 0, and stays where it is far below", () => {
  expect(exponential(0)).toBe(1);
  expect(exponential(Number.NEGATIVE_INFINITY)).toBe(exponential(-708));
  expect(exponential(-1e300)).toBeLessThan(1e-307);
  expect(exponential(Number.NaN)).toBeNaN();
});
