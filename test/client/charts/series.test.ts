import { expect, test } from "vitest";
import { decimated, linesOf, nearest, strokeOf } from "../../../src/client/charts/series.ts";

test("points lie at their own places, at the chart's, or at 0, 1, 2, …", () => {
  expect(linesOf([{ label: "a", y: [5, 6] }])[0]!.x).toEqual([0, 1]);
  const [a, b] = linesOf([{ label: "a", y: [5, 6] }, { y: [5], x: [9] } as never], [3, 4]);
  expect(a).toEqual({ label: "a", x: [3, 4], y: [5, 6], dashed: false, stroke: strokeOf(0) });
  expect(b).toMatchObject({ label: "line 2", x: [9], stroke: strokeOf(1) });
});

test("there are seven colours, then the first again", () => {
  const strokes = Array.from({ length: 8 }, (_, index) => strokeOf(index));
  expect(new Set(strokes).size).toBe(7);
  expect(strokes[7]).toBe(strokes[0]);
});

test("a series that is none, or with other numbers of x and y, is refused", () => {
  expect(() => linesOf([{ label: "a", y: [1] }, null as never])).toThrow(
    /^Cannot draw line 2: expected {label, y: numbers}, found /,
  );
  expect(() => linesOf([{ label: "a", y: [1, 2] }], [1])).toThrow(
    new TypeError('Cannot draw line "a": expected 2 x for 2 y, found 1'),
  );
});

test("few points are all drawn; of many the first, lowest, highest and last of each part", () => {
  expect(decimated([3, 1, 2, 0], 1)).toEqual([0, 1, 2, 3]);
  expect(decimated([1, 3, 1, 0, 2], 1)).toEqual([0, 1, 3, 4]);
  expect(decimated([0, 5, 1, 2, 3, 9, 8, 4, 7, 6], 2)).toEqual([0, 1, 4, 5, 7, 9]);
  expect(decimated([4, 4, 4, 4, 4], 1)).toEqual([0, 4]);
});

test("what is no number hides no extreme, wherever it stands", () => {
  for (let at = 0; at < 8; at++) {
    const y = [2, 2, 2, 9, -9, 2, 2, 2].toSpliced(at, 0, Number.NaN);
    const chosen = decimated(y, 1).map((index) => y[index]);
    expect(chosen).toEqual(expect.arrayContaining([9, -9]));
  }
  expect(decimated(new Float64Array(9).fill(Number.NaN), 1).at(-1)).toBe(8);
});

test("the nearest place is the first of two that are, and none of none", () => {
  expect(nearest([10, 0, 4], 3)).toBe(2);
  expect(nearest([0, 2, 1], 1.5)).toBe(1);
  expect(nearest([Number.NaN, 7, 5], 6)).toBe(1);
  expect([nearest([], 1), nearest([Number.NaN], 1)]).toEqual([-1, -1]);
});
