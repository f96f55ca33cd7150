// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { embedding } from "../../../src/client/charts/embedding.ts";

const points = {
  shape: [3, 2],
  data: [-1, 0, 0, 0.5, 1, 0],
  values: [2, 0.5, -0.5],
  steps: [0, 100, 2000],
};

function press(chart: HTMLElement, ...keys: string[]): string {
  const plane = chart.querySelector(".embedding-plane")!;
  for (const key of keys) plane.dispatchEvent(new KeyboardEvent("keydown", { key }));
  return chart.querySelector("output")!.textContent!;
}

test("arrow keys read the checkpoints in their order", () => {
  const chart = embedding(points);
  expect(press(chart, "ArrowRight")).toBe("step 0   −1.0000, 0.0000");
  expect(press(chart, "ArrowRight")).toBe("step 100   0.0000, 0.5000");
  expect(press(chart, "End")).toBe("step 2,000   1.0000, 0.0000");
  expect(press(chart, "Escape")).toBe("");
});

test("a checkpoint that is entered is the chart's value", () => {
  const chart = embedding(points);
  press(chart, "End", "Enter");
  expect(chart.value).toBe(2);
});

test("axes say how much of all there is they show", () => {
  const { textContent } = embedding(points);
  expect(textContent).toContain("axis 1 (67 %)");
  expect(textContent).toContain("axis 2 (17 %)");
  expect(embedding({ shape: [1, 2], data: [0, 0] }).textContent).not.toMatch(/axis 1 \(/);
});

test("a unit is as long across as it is up", () => {
  const [left, top, right] = Array.from(
    embedding(points).querySelectorAll("[aria-label=dot] circle"),
    (dot) => [Number(dot.getAttribute("cx")), Number(dot.getAttribute("cy"))] as const,
  );
  const across = (right![0] - left![0]) / 2;
  const up = (left![1] - top![1]) / 0.5;
  expect(across).toBeGreaterThan(10);
  expect(up).toBeCloseTo(across, 6);
});

test("groups have their key, and each is a line of its own", () => {
  const chart = embedding(points, { groups: ["a", "b", "b"] });
  expect(chart.querySelector(".lines-key")?.textContent).toBe("ab");
  expect(press(chart, "Home")).toBe("a, step 0   −1.0000, 0.0000");
  expect(chart.querySelectorAll("[aria-label=line]")).toHaveLength(2);
});

test.for([
  [undefined, "expected coordinates {shape: [n, 2], data}, found undefined"],
  [
    { shape: [3, 1], data: [1, 2, 3] },
    "expected coordinates {shape: [n, 2], data}, found shape [3, 1]",
  ],
  [{ shape: [2, 2], data: [1] }, "expected coordinates {shape: [n, 2], data}, found shape [2, 2]"],
  [
    { shape: [4, 4], data: new Array(16).fill(1) },
    "expected coordinates {shape: [n, 2], data}, found a square matrix; in a kernel cell, classicalScaling(matrix) makes coordinates of it",
  ],
] as const)("%j is refused", ([given, message]) => {
  expect(() => embedding(given as never)).toThrow(
    new TypeError(`Cannot draw checkpoints in the plane: ${message}`),
  );
});

test("groups that are not as many as points are refused", () => {
  expect(() => embedding(points, { groups: ["a"] })).toThrow(
    new TypeError("Cannot draw checkpoints in the plane: expected 3 groups, found 1"),
  );
});
