// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { LogView } from "../../src/client/log-view.ts";

const note = (view: LogView) => view.element.querySelector(".log-dropped")!;

test("a long log shows its newest lines, and says where all of them are", () => {
  const view = new LogView("Log of a");
  view.add("log", "0");
  expect(note(view).hasAttribute("hidden")).toBe(true);
  for (let i = 1; i < 1_000; i++) view.add("log", String(i), i < 300 ? undefined : "/logs/a.log");
  const lines = [...view.element.querySelectorAll(".log-lines p")].map((line) => line.textContent);
  expect(lines).toEqual(Array.from({ length: 300 }, (_, i) => String(700 + i)));
  expect(note(view).textContent).toBe(
    "700 earlier lines are not shown; all lines are in /logs/a.log",
  );
});

test("a long log without a file says how many lines are not shown", () => {
  const view = new LogView("Log of a");
  view.add("log", "x\n".repeat(301));
  expect(note(view).textContent).toBe("1 earlier lines are not shown");
});
