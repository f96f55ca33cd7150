import { expect, test } from "vitest";
import { circle, logarithm, power } from "../../src/tensor/index.ts";

test("circle(x) agrees with Math.cos and Math.sin to two units in the last place of 1", () => {
  let worst = 0;
  for (let i = -100_000; i <= 100_000; i++) {
    const x = Math.sign(i) * (Math.abs(i) / 1000) ** 2.9;
    const [cosine, sine] = circle(x);
    worst = Math.max(worst, Math.abs(cosine - Math.cos(x)), Math.abs(sine - Math.sin(x)));
  }
  expect(worst).toBeLessThanOrEqual(2 * Number.EPSILON);
});

test("circle(x) keeps small sines, and is exact at 0", () => {
  expect(circle(0)).toEqual([1, 0]);
  for (const x of [1e-5, 1e-100, -1e-300]) expect(circle(x)[1] / x).toBeCloseTo(1, 9);
});

test("logarithm(x) agrees with Math.log, and is exact at 1", () => {
  for (let e = -307; e <= 307; e++) {
    const x = 1.2345 * 10 ** e;
    expect(Math.abs(logarithm(x) / Math.log(x) - 1)).toBeLessThan(1e-15);
  }
  expect(logarithm(1)).toBe(0);
});

test("power(base, exponent) agrees with Math.pow", () => {
  for (const base of [0.01, 1, 2, 1000, 10_000]) {
    for (let exponent = -1.5; exponent <= 1.5; exponent += 0.125) {
      expect(Math.abs(power(base, exponent) / base ** exponent - 1)).toBeLessThan(1e-14);
    }
  }
  expect(power(7, 0)).toBe(1);
});
