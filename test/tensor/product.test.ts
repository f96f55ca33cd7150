import { expect, test } from "vitest";
import { identity, matrix, product, scaled, transpose } from "../../src/tensor/index.ts";

const a = matrix(2, 3, [1, 2, 3, 4, 5, 6]);

test("product(a, b) is A·B", () => {
  const b = matrix(3, 2, [1, 0, 0, 1, 2, 2]);
  expect(product(a, b)).toEqual(matrix(2, 2, [7, 8, 16, 17]));
});

test("product(a, identity) is a", () => {
  expect(product(a, identity(3))).toEqual(a);
});

test("product(a, b) names both shapes when the inner sizes differ", () => {
  expect(() => product(a, a)).toThrow(
    "Cannot multiply [2, 3] by [2, 3]: expected equal inner sizes, found 3 and 2",
  );
});

test("transpose(a) turns [2, 3] into [3, 2]", () => {
  expect(transpose(a)).toEqual(matrix(3, 2, [1, 4, 2, 5, 3, 6]));
});

test("scaled(a, factor) leaves a alone", () => {
  expect(scaled(a, 2)).toEqual(matrix(2, 3, [2, 4, 6, 8, 10, 12]));
  expect(a.data[0]).toBe(1);
});
