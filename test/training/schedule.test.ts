import { expect, test } from "vitest";
import { powerLawSchedule } from "../../src/training/index.ts";

test("100,000 steps are stored at the 90 steps of the paper", () => {
  // int(100000 * (i / 99) ** 5) for i in range(100), deduplicated, by Python.
  expect(powerLawSchedule(100_000)).toEqual([
    0, 1, 2, 3, 5, 7, 11, 14, 19, 26, 33, 42, 54, 67, 83, 102, 124, 150, 180, 215, 255, 301, 352,
    411, 477, 552, 635, 729, 833, 948, 1076, 1218, 1374, 1545, 1734, 1940, 2165, 2411, 2679, 2970,
    3286, 3628, 3997, 4397, 4828, 5292, 5791, 6327, 6901, 7517, 8176, 8881, 9633, 10435, 11290,
    12200, 13168, 14197, 15288, 16446, 17673, 18972, 20346, 21799, 23333, 24953, 26661, 28462,
    30359, 32356, 34456, 36664, 38984, 41420, 43976, 46657, 49467, 52410, 55492, 58718, 62092,
    65619, 69304, 73154, 77172, 81365, 85739, 90298, 95050, 100000,
  ]);
});

test("exponent 1 is even, and each step comes once", () => {
  expect(powerLawSchedule(10, 6, 1)).toEqual([0, 2, 4, 6, 8, 10]);
  expect(powerLawSchedule(3, 50, 1)).toEqual([0, 1, 2, 3]);
  expect(powerLawSchedule(1, 2)).toEqual([0, 1]);
});

test.for([
  [0, 100, 5, "Cannot make a schedule: expected a whole number of steps from 1, found 0"],
  [1.5, 100, 5, "Cannot make a schedule: expected a whole number of steps from 1, found 1.5"],
  [10, 1, 5, "Cannot make a schedule: expected a whole count of checkpoints from 2, found 1"],
  [10, 5, 0, "Cannot make a schedule: expected an exponent above 0, found 0"],
] as const)(
  "a schedule of %d steps, %d checkpoints, exponent %d is refused",
  ([steps, count, exponent, sentence]) => {
    expect(() => powerLawSchedule(steps, count, exponent)).toThrow(new RangeError(sentence));
  },
);
