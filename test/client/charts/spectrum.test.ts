// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { spectrum } from "../../../src/client/charts/spectrum.ts";

function press(chart: HTMLElement, ...keys: string[]): string {
  const plane = chart.querySelector(".spectrum-plane, .lines-plane")!;
  for (const key of keys) plane.dispatchEvent(new KeyboardEvent("keydown", { key }));
  return chart.querySelector("output, .lines-key")!.textContent!;
}

test.for([
  ["a list", [1, -3, 0.5]],
  ["a typed array", Float64Array.of(1, -3, 0.5)],
  ["an interaction spectrum", { values: Float64Array.of(-3, 1, 0.5), vectors: {} }],
] as const)("%s is read by rank of magnitude, with the share held so far", ([, values]) => {
  const chart = spectrum(values as never);
  expect(press(chart, "Home")).toBe("rank 1   eigenvalue −3.00000   first 1 hold 87.8 % of Σ λ²");
  expect(press(chart, "ArrowRight")).toBe(
    "rank 2   eigenvalue 1.00000   first 2 hold 97.6 % of Σ λ²",
  );
  expect(press(chart, "End")).toBe("rank 3   eigenvalue 0.50000   first 3 hold 100.0 % of Σ λ²");
});

test("what is left out still counts in the share", () => {
  expect(press(spectrum([2, 1, 1], { count: 1 }), "End")).toBe(
    "rank 1   eigenvalue 2.00000   first 1 hold 66.7 % of Σ λ²",
  );
});

test("negative values hang down", () => {
  const bars = [...spectrum([2, -1]).querySelectorAll("[aria-label=rect] rect")].map((bar) =>
    ["y", "height"].map((name) => Number(bar.getAttribute(name))),
  );
  const [up, down] = bars as [[number, number], [number, number]];
  expect(up[0] + up[1]).toBeCloseTo(down[0], 6);
  expect(up[1]).toBeCloseTo(2 * down[1], 6);
});

test("several are lines of magnitudes over rank", () => {
  const chart = spectrum([
    { label: "early", values: [1, -2] },
    { label: "late", values: [4, 0, 0] },
  ]);
  expect(press(chart, "Home")).toBe("early2.0000late4.0000rank 1");
});

test.for([
  [undefined, "expected numbers or {values: numbers}, found undefined"],
  [{ values: 3 }, "expected numbers or {values: numbers}, found {values}"],
  [{}, "expected numbers or {values: numbers}, found an empty object"],
  [
    { a: 1, b: 1, c: 1, d: 1, e: 1 },
    "expected numbers or {values: numbers}, found {a, b, c, d, …}",
  ],
  [{ shape: [3, 3] }, "expected numbers or {values: numbers}, found an array of shape [3, 3]"],
  [[], "expected at least one value, found none"],
] as const)("%j is refused", ([given, message]) => {
  expect(() => spectrum(given as never)).toThrow(
    new TypeError(`Cannot draw a spectrum: ${message}`),
  );
});
