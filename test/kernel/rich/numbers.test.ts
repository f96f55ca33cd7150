import { expect, test } from "vitest";
import { numberText, rangeText } from "../../../kernel/rich/numbers.ts";

test.for<[ArrayLike<number | bigint>, string]>([
  [[3, -1, 2], "-1 … 3"],
  [[2, 2], "2"],
  [[], ""],
  [[Number.NaN, 1], "1, 1 NaN"],
  [[Infinity, -Infinity, 0.5, Number.NaN], "0.5, 1 NaN, 2 infinite"],
  [[Number.NaN], "1 NaN"],
  [[3n, -4n], "-4 … 3"],
  [new Float64Array(1_234).fill(Infinity), "1,234 infinite"],
])("a range is told: %#", ([data, text]) => {
  expect(rangeText(data)).toBe(text);
});

test("of very many the first are looked at, and it says so", () => {
  const data = new Uint8Array(4_000_001);
  data[3_999_999] = 1;
  data[4_000_000] = 2;
  expect(rangeText(data)).toBe("0 … 1 (of the first 4,000,000)");
  expect(rangeText(data.subarray(1))).toBe("0 … 2");
});

test("a number has six significant digits at most; whole numbers have all of theirs", () => {
  expect(numberText(1 / 3)).toBe("0.333333");
  expect(numberText(1234.5678)).toBe("1234.57");
  expect(numberText(1e-7)).toBe("1e-7");
  expect(numberText(12_345_678)).toBe("12345678");
  expect(numberText(2n ** 70n)).toBe("1180591620717411303424");
});
