// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { lines } from "../../../src/client/charts/lines.ts";

/** First and last number at the axis of y. */
function ends(y: readonly number[]): number[] {
  const ticks = lines([{ label: "a", y }]).querySelectorAll(
    "[aria-label='y-axis tick label'] text",
  );
  const numbers = Array.from(ticks, ({ textContent }) => Number(textContent!.replace("−", "-")));
  return [numbers.at(0)!, numbers.at(-1)!];
}

test("shares and cosines have the whole of 0 to 1", () => {
  expect(ends([0.2, 0.8])).toEqual([0, 1]);
  expect(ends([0, 1])).toEqual([0, 1]);
});

test("others have their extent", () => {
  expect(ends([0.1, 0.5])).toEqual([0.1, 0.5]);
  expect(ends([-1, 1])).toEqual([-1, 1]);
  expect(ends([1, 5])).toEqual([1, 5]);
});

test("one value has room on both sides", () => {
  expect(ends([3, 3])).toEqual([2, 4]);
});
