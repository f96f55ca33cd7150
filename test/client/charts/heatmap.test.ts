// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { pixelsOf } from "../../../src/charts/matrix.ts";
import { heatmap } from "../../../src/client/charts/heatmap.ts";

const steps = [0, 1000, 20_000];
const matrix = {
  shape: [3, 3],
  data: Float64Array.from([1, 0.5, 0.25, 0.5, 1, Number.NaN, 0.25, Number.NaN, 1]),
  steps,
};

function press(chart: HTMLElement, ...keys: string[]): string {
  const plane = chart.querySelector(".heatmap-plane")!;
  for (const key of keys) plane.dispatchEvent(new KeyboardEvent("keydown", { key }));
  return chart.querySelector("output")!.textContent!;
}

test("its size in nodes does not grow with the matrix", () => {
  const nodes = (n: number) =>
    heatmap({ shape: [n, n], data: new Float64Array(n * n).fill(0.5) }).querySelectorAll("*")
      .length;
  expect(nodes(400)).toBeLessThan(90);
  expect(nodes(400)).toBeLessThanOrEqual(nodes(40) + 10);
});

test("the raster has one pixel per entry", () => {
  const canvas = heatmap({ shape: [2, 5], data: new Float64Array(10) }).querySelector(
    "canvas[width='5']",
  );
  expect(canvas?.getAttribute("height")).toBe("2");
});

test("arrow keys read the entries, from the numbers", () => {
  const chart = heatmap(matrix, { label: "similarity" });
  expect(press(chart, "ArrowRight")).toBe("step 0 × 1,000   similarity 0.50000");
  expect(press(chart, "ArrowDown")).toBe("step 1,000 × 1,000   similarity 1.00000");
  expect(press(chart, "End")).toBe("step 1,000 × 20,000   similarity undefined");
  expect(press(chart, "ArrowUp", "ArrowUp")).toBe("step 0 × 20,000   similarity 0.25000");
  expect(press(chart, "Escape")).toBe("");
});

test("an entry that is entered is the chart's value", () => {
  const chart = heatmap(matrix);
  let told = 0;
  chart.addEventListener("input", () => told++);
  press(chart, "ArrowDown", "ArrowRight", "Enter");
  expect(chart.value).toEqual({ row: 1, column: 1, value: 1 });
  expect(told).toBe(1);
});

test("undefined entries are told in the key, only when there are some", () => {
  expect(heatmap(matrix).textContent).toContain("undefined");
  expect(heatmap({ shape: [1, 1], data: [1] }).textContent).not.toContain("undefined");
});

test("axes have training steps; a matrix without steps has its labels, else indices", () => {
  const ticks = (chart: HTMLElement) =>
    Array.from(chart.querySelectorAll(".axes text"), (text) => text.textContent);
  expect(ticks(heatmap(matrix))).toEqual([
    "0",
    "1k",
    "20k",
    "0",
    "1k",
    "20k",
    "training step",
    "training step",
  ]);
  const data = [1, 0, 0, 1];
  expect(ticks(heatmap({ shape: [2, 2], data, labels: ["A", "B"] }))).toEqual(["A", "B", "A", "B"]);
  expect(ticks(heatmap({ shape: [2, 2], data }))).toEqual(["0", "1", "0", "1"]);
});

test("a centre is stated in the key", () => {
  const ends = (options: object) =>
    heatmap({ shape: [1, 2], data: [0.2, 1] }, options).querySelector(".legend-ends")?.textContent;
  expect(ends({})).toBe("01");
  expect(ends({ domain: [-1, 1] })).toBe("−110");
  expect(ends({ centre: 0.5 })).toBe("010.5");
});

test("a marked step is a line through its row and its column", () => {
  expect(heatmap(matrix, { mark: 1000 }).querySelectorAll(".marks line")).toHaveLength(2);
  expect(heatmap(matrix, { mark: [0, 20_000] }).querySelectorAll(".marks line")).toHaveLength(4);
  expect(heatmap(matrix, { mark: 999 }).querySelectorAll(".marks line")).toHaveLength(0);
});

test.for([
  [
    undefined,
    "Cannot draw a heatmap: expected a matrix {shape: [rows, columns], data}, found undefined",
  ],
  [
    { shape: [4], data: [1, 2, 3, 4] },
    "Cannot draw a heatmap: expected a matrix {shape: [rows, columns], data}, found shape [4]",
  ],
  [
    { shape: [2, 2], data: [1, 2, 3] },
    "Cannot draw a heatmap: expected 4 numbers for shape [2, 2], found 3",
  ],
  [
    { shape: [0, 3], data: [] },
    "Cannot draw a heatmap: expected at least one row and one column, found shape [0, 3]",
  ],
] as const)("%j is refused", ([value, message]) => {
  expect(() => heatmap(value as never)).toThrow(new TypeError(message));
});

test("steps that are not as many as the columns are refused", () => {
  const message = "Cannot draw a heatmap: expected 3 steps for its columns, found 2";
  expect(() => heatmap(matrix, { x: [0, 1] })).toThrow(new TypeError(message));
  const rows = "Cannot draw a heatmap: expected 3 steps for its rows, found 1";
  expect(() => heatmap(matrix, { y: [0] })).toThrow(new TypeError(rows));
});

test("an entry is a pixel of its colour; one that is no number is left to the hatching", () => {
  const pixels = pixelsOf([0, Number.NaN, 1, Number.NEGATIVE_INFINITY], (value) => [value, 2, 3]);
  expect([...pixels]).toEqual([0, 2, 3, 255, 0, 0, 0, 0, 1, 2, 3, 255, 0, 0, 0, 0]);
});
