import { expect, test } from "vitest";
import { ProgressDisplays } from "../../../kernel/jupyter/progress-display.ts";

function displays() {
  const told: { display: string; text: unknown; html: unknown; update: boolean }[] = [];
  const clock = { now: 0 };
  const progress = new ProgressDisplays(
    () => (display, bundle, update) =>
      told.push({ display, text: bundle["text/plain"], html: bundle["text/html"], update }),
    () => clock.now,
  );
  const hear = (done: number, total: number, label?: string) =>
    progress.hear({ type: "progress", cell: "In[1]", done, total, ...(label && { label }) });
  return { told, clock, hear, progress };
}

test("a count is one display, brought up to date with the time that is left, and at last with that it took", () => {
  const { told, clock, hear } = displays();
  hear(0, 100, "rows");
  clock.now = 2_000;
  hear(25, 100, "rows");
  clock.now = 8_000;
  hear(100, 100);
  expect(told.map(({ text }) => text)).toEqual([
    "░░░░░░░░░░░░░░░░░░░░ 0 of 100 · rows",
    "█████░░░░░░░░░░░░░░░ 25 of 100 · rows · 6.0 s left",
    "████████████████████ 100 of 100 · 8.0 s",
  ]);
  expect(told.map(({ update }) => update)).toEqual([false, true, true]);
  expect(new Set(told.map(({ display }) => display)).size).toBe(1);
  expect(told[1]!.html).toMatch(/^<progress [^>]*value="0.25" max="1"><\/progress> 25 of 100/);
});

test("another total, a count that begins again, and what comes after the end are displays of their own", () => {
  const { told, hear, progress } = displays();
  hear(1, 2);
  hear(1, 3);
  hear(0, 3);
  progress.end("In[1]");
  hear(1, 3);
  expect(told.map(({ update }) => update)).toEqual([false, false, false, false]);
  expect(new Set(told.map(({ display }) => display)).size).toBe(4);
});

test.for([
  [9_900, "9.9 s"],
  [10_400, "10 s"],
  [59_400, "59 s"],
  [59_600, "1 min 0 s"],
  [3_599_000, "59 min 59 s"],
  [3_600_000, "1 h 0 min"],
  [7_385_000, "2 h 3 min"],
] as const)("%i ms are %s", ([time, text]) => {
  const { told, clock, hear } = displays();
  hear(0, 1);
  clock.now = time;
  hear(1, 1);
  expect(told.at(-1)!.text).toBe(`${"█".repeat(20)} 1 of 1 · ${text}`);
});

test("the time that is left is taken from what was done since it was first told", () => {
  const { told, clock, hear } = displays();
  hear(90, 100);
  clock.now = 1_000;
  hear(95, 100);
  expect(told.at(-1)!.text).toBe("███████████████████░ 95 of 100 · 1.0 s left");
});

test("more than all is all, and of nothing nothing is done", () => {
  const { told, hear } = displays();
  hear(3, 2);
  hear(0, 0);
  expect(told.map(({ html }) => /value="(\d)"/.exec(String(html))![1])).toEqual(["1", "0"]);
});

test("a label is text", () => {
  const { told, hear } = displays();
  hear(1, 2, "<b>");
  expect(told[0]!.html).toContain("&#60;b&#62;");
});
