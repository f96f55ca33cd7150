// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { lines } from "../../../src/client/charts/lines.ts";
import { decimated, linesOf, nearest } from "../../../src/client/charts/series.ts";

const x = [0, 10, 1000];
const series = [
  { label: "seen", y: [0, 0.5, 1] },
  { label: "unseen", y: [0, 0, 0.25], dashed: true },
];

function press(chart: HTMLElement, ...keys: string[]): string {
  const plane = chart.querySelector(".lines-plane")!;
  for (const key of keys) plane.dispatchEvent(new KeyboardEvent("keydown", { key }));
  return chart.querySelector(".lines-key")!.textContent!;
}

test("the key names each line; the arrow keys read all of them at a step", () => {
  const chart = lines(series, { x, xLabel: "training step" });
  expect(press(chart)).toBe("seenunseen");
  expect(press(chart, "ArrowRight")).toBe("seen0.0000unseen0.0000training step 0");
  expect(press(chart, "ArrowRight")).toBe("seen0.5000unseen0.0000training step 10");
  expect(press(chart, "End")).toBe("seen1.0000unseen0.2500training step 1,000");
  expect(press(chart, "Escape")).toBe("seenunseen");
});

test("a line that has no point at a step says nothing there", () => {
  const chart = lines([...series, { label: "late", x: [1000], y: [7] }], { x });
  expect(press(chart, "Home")).toBe("seen0.0000unseen0.0000lateat 0");
});

test("one series may stand alone, and dashes are drawn dashed", () => {
  const chart = lines(series[1]! as never, { x });
  expect(chart.querySelector(".lines-name line")?.getAttribute("stroke-dasharray")).toBe("5 4");
  expect(chart.querySelectorAll(".lines-plane [stroke-dasharray]").length).toBeGreaterThan(0);
});

test("an axis of steps that reach far has 0 and the powers of ten", () => {
  const ticks = (chart: HTMLElement) =>
    Array.from(
      chart.querySelectorAll("[aria-label='x-axis tick label'] text"),
      (t) => t.textContent,
    );
  expect(ticks(lines(series, { x }))).toEqual(["0", "1", "10", "100", "1k"]);
  expect(ticks(lines(series, { x: [0, 1, 2] }))).toContain("0.2");
});

test("a logarithmic line leaves out what is not positive, and its axis begins above 0", () => {
  const chart = lines([{ label: "loss", y: [10, 1, 0] }], { x: [1, 2, 3], yType: "log" });
  const path = chart.querySelector(".lines-plane [aria-label=line] path")!.getAttribute("d")!;
  expect(path.match(/[ML]/g)).toEqual(["M", "L"]);
});

test("many points are few in the picture, and their extremes stay", () => {
  const y = Float64Array.from({ length: 100_000 }, (_, i) => Math.sin(i));
  y[33_333] = 9;
  y[44_444] = -9;
  const chosen = decimated(y, 500);
  expect(chosen.length).toBeLessThanOrEqual(2000);
  expect(chosen).toContain(33_333);
  expect(chosen).toContain(44_444);
  expect(chosen).toEqual(chosen.toSorted((a, b) => a - b));
  expect([chosen[0], chosen.at(-1)]).toEqual([0, 99_999]);
  expect(decimated([3, 1, 2], 500)).toEqual([0, 1, 2]);
});

test("the nearest place is found", () => {
  expect(nearest([0, 10, 100], 60)).toBe(2);
  expect(nearest([0, 10, 100], -5)).toBe(0);
  expect(nearest([], 3)).toBe(-1);
});

test.for([
  [[{ label: "a" }], undefined, "Cannot draw line 1: expected {label, y: numbers}, found {label}"],
  [[undefined], undefined, "Cannot draw line 1: expected {label, y: numbers}, found undefined"],
  [[{ label: "a", y: [1, 2] }], [1], 'Cannot draw line "a": expected 2 x for 2 y, found 1'],
] as const)("%j over %j is refused", ([given, over, message]) => {
  expect(() => linesOf(given as never, over)).toThrow(new TypeError(message));
});
