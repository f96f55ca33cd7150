// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { LogView } from "../../../src/client/cell/log-view.ts";

const note = (view: LogView) => view.element.querySelector(".log-dropped")!;
const lines = (view: LogView) =>
  [...view.element.querySelectorAll(".log-lines p")].map((line) => line.textContent);

test("a line that is written in parts is one line, of one level", () => {
  const view = new LogView("Log of a");
  const write = (text: string, level: "log" | "error" = "log") =>
    view.add({ level, text, ...(!text.endsWith("\n") && { partial: true as const }) });
  for (const text of ["a", "b", "c\n", "d\n\ne", "f\ng", "h\n", "i"]) write(text);
  write("j", "error");
  write("k\n", "error");
  write("l\n");
  expect(lines(view)).toEqual(["abc", "d", "", "ef", "gh", "i", "error: jk", "l"]);
  view.clear();
  write("m\n");
  expect(lines(view)).toEqual(["m"]);
});

test("a line that never ends is cut, and counts as one", () => {
  const view = new LogView("Log of a");
  for (let i = 0; i < 1_000; i++) view.add({ level: "log", text: "x".repeat(10), partial: true });
  expect(lines(view)).toEqual([`${"x".repeat(4_000)}`]);
  expect(note(view).hasAttribute("hidden")).toBe(true);
});

test("a long log shows its newest lines, and says where all of them are", () => {
  const view = new LogView("Log of a");
  view.add({ level: "log", text: "0" });
  expect(note(view).hasAttribute("hidden")).toBe(true);
  for (let i = 1; i < 1_000; i++) {
    view.add({ level: "log", text: String(i), ...(i >= 300 && { file: "/logs/a.log" }) });
  }
  expect(lines(view)).toEqual(Array.from({ length: 300 }, (_, i) => String(700 + i)));
  expect(note(view).textContent).toBe(
    "700 earlier lines are not shown; all lines are in /logs/a.log",
  );
});

test("a long log without a file says how many lines are not shown", () => {
  const view = new LogView("Log of a");
  view.add({ level: "log", text: "x\n".repeat(301) });
  expect(note(view).textContent).toBe("1 earlier lines are not shown");
});
