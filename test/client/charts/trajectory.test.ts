// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { heatmap } from "../../../src/client/charts/heatmap.ts";
import { trajectory } from "../../../src/client/charts/trajectory.ts";

const matrix = {
  shape: [3, 3],
  data: [1, 0.5, 0.25, 0.5, 1, 0.75, 0.25, 0.75, 1],
  steps: [0, 10, 1000],
  metric: "symmetric",
};

function press(chart: HTMLElement, ...keys: string[]): string {
  const plane = chart.querySelector(".lines-plane, .heatmap-plane")!;
  for (const key of keys) plane.dispatchEvent(new KeyboardEvent("keydown", { key }));
  return chart.querySelector(".lines-key")?.textContent ?? "";
}

test("each checkpoint is compared with the last, or with those asked for", () => {
  expect(press(trajectory(matrix), "Home")).toBe("with step 1,0000.2500training step 0");
  expect(press(trajectory(matrix, { reference: [0, 1] }), "End")).toBe(
    "with step 00.2500with step 100.7500training step 1,000",
  );
});

test("compared with the one before, the first has no value", () => {
  const chart = trajectory(matrix, { reference: "previous" });
  expect(press(chart, "ArrowRight")).toBe("with the checkpoint beforeundefinedtraining step 0");
  expect(press(chart, "ArrowRight")).toBe("with the checkpoint before0.5000training step 10");
});

test("checkpoints without steps go by their labels", () => {
  const labelled = { ...matrix, steps: undefined, labels: ["a", "b", "c"] };
  expect(press(trajectory(labelled, { reference: 1 }), "End")).toBe("with b0.7500checkpoint c");
});

test("what is looked at in a heatmap of the same checkpoints is marked, in others it is not", () => {
  const map = heatmap(matrix);
  const path = trajectory(matrix);
  const other = trajectory({ ...matrix, steps: [0, 10, 1001] });
  const alone = trajectory(matrix, { link: false });
  document.body.append(map, path, other, alone);
  const rules = (chart: Element) => chart.querySelectorAll(".cursor line").length;
  press(map, "ArrowRight", "ArrowDown", "ArrowDown");
  expect([path, other, alone].map(rules)).toEqual([2, 0, 0]);
  press(map, "Escape");
  expect([path, other, alone].map(rules)).toEqual([0, 0, 0]);
  press(path, "End");
  expect(map.querySelector(".readout")?.textContent).toBe(
    "step 1,000 × 1,000   similarity (symmetric) 1.00000",
  );
  document.body.replaceChildren();
});

test.for([
  [{ shape: [1, 2], data: [1, 2] }, {}, "expected as many rows as columns, found shape [1, 2]"],
  [matrix, { reference: 3 }, "expected a reference from 0 to 2, found 3"],
] as const)("%j with %j is refused", ([given, options, message]) => {
  expect(() => trajectory(given, options)).toThrow(`Cannot draw a trajectory: ${message}`);
});

test("steps at one distance lie on a linear axis, others on a logarithmic one", () => {
  const ticks = (steps: readonly number[]) => {
    const chart = trajectory({ shape: [4, 4], data: new Float64Array(16), steps });
    document.body.replaceChildren(chart);
    const axis = chart.querySelector('[aria-label="x-axis tick label"]');
    return Array.from(axis?.children ?? [], ({ textContent }) => textContent);
  };
  expect(ticks([0, 500, 1000, 1500])).toContain("200");
  expect(ticks([0, 10, 100, 1000])).toEqual(["0", "1", "10", "100", "1k"]);
  document.body.replaceChildren();
});
