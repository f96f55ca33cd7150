// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { agoText, bytesText, type CellState, reasonsText, Sign } from "../../src/client/sign.ts";

const states: readonly CellState[] = [
  "running",
  "queued",
  "waiting",
  "edited",
  "demand",
  "stale",
  "cached",
  "stopped",
  "failed",
  "blocked",
];

test("every state has a word and a shape that no other has", () => {
  const signs = states.map((state) => {
    const sign = new Sign();
    sign.show(state);
    const path = sign.element.querySelector("path")!.getAttribute("d");
    return [sign.element.querySelector(".sign-word")!.textContent, path] as const;
  });
  expect(new Set(signs.map(([word]) => word)).size).toBe(states.length);
  expect(new Set(signs.map(([, path]) => path)).size).toBe(states.length);
  expect(signs.flat()).not.toContain("");
});

test("why a value is out of date, in short", () => {
  expect(reasonsText([{ name: "n", was: "1", now: "2" }, { name: "m" }])).toBe(
    "n 1 → 2, m changed",
  );
  expect(reasonsText([{}])).toBe("its code changed");
  expect(reasonsText(["a", "b", "c", "d", "e"].map((name) => ({ name })))).toBe(
    "a changed, b changed, c changed, 2 more",
  );
});

test("ages and sizes as a person says them", () => {
  expect([900, 40_000, 200_000, 7_200_000, 2e8].map(agoText)).toEqual([
    "just now",
    "40 s ago",
    "3 min ago",
    "2 h ago",
    "2 days ago",
  ]);
  expect([0, 800, 12_000, 3.4e6, 1.2e9].map(bytesText)).toEqual([
    "0 B",
    "800 B",
    "12 kB",
    "3.4 MB",
    "1.2 GB",
  ]);
});
