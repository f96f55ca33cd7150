// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import { failureOf, StatedFailure } from "../../src/client/failure.ts";
import { failureBox } from "../../src/client/failure-box.ts";

const context = {
  cell: "a",
  source: (cell: string) => (cell === "a" ? "one\n\tif (x) y.z()" : undefined),
  definerOf: (name: string) => (name === "known" ? "definer" : undefined),
  visit: vi.fn(),
};

test("the line of an error stands under it with a caret at its column, tabs kept", () => {
  const at = { cell: "a", line: 2, column: 9 };
  const box = failureBox({ name: "TypeError", message: "no", at }, context);
  expect(box.querySelector("pre")?.textContent).toBe("2 \tif (x) y.z()\n  \t       ^");
  box.querySelector("a")?.click();
  expect(context.visit).toHaveBeenLastCalledWith("a", 2);
});

test("frames above the innermost are named as callers", () => {
  const frame = (cell: string, line: number) => ({ cell, line, column: 1 });
  const frames = [frame("a", 1), frame("b", 5), frame("c", 2)];
  const box = failureBox({ name: "Error", message: "no", at: frames[0]!, frames }, context);
  expect(box.querySelector(".frames")?.textContent).toBe("called from b:5:1, c:2:1");
});

test("an error of a cell that is gone has no line to show", () => {
  const at = { cell: "gone", line: 1, column: 1 };
  expect(failureBox({ name: "Error", message: "no", at }, context).querySelector("pre")).toBeNull();
});

test("another cell that a message names is a link to it, whatever else begins with # is text", () => {
  const message = "k is defined more than once: here and in #a, not #b or #c3d";
  const box = failureBox({ name: "SyntaxError", message }, { ...context, cell: "b" });
  expect(box.textContent).toBe(`SyntaxError: ${message}`);
  const links = [...box.querySelectorAll("a")];
  expect(links.map(({ textContent }) => textContent)).toEqual(["#a"]);
  links[0]?.click();
  expect(context.visit).toHaveBeenLastCalledWith("a");
});

test("a stopped cell can be run again, where anything can run", () => {
  const stopped = { name: "Stopped", message: "The cell was stopped" };
  expect(failureBox(stopped, context).textContent).toBe("Stopped ");
  const runAgain = vi.fn();
  const box = failureBox(stopped, { ...context, runAgain });
  expect(box.textContent).toBe("Stopped Run again");
  box.querySelector("button")?.click();
  expect(runAgain).toHaveBeenCalledOnce();
});

test("a cell that waits links to the cell it waits for, when there is one", () => {
  const waits = (blockedBy: string) =>
    failureBox({ name: "Blocked", message: "no", blockedBy }, context);
  expect(waits("known").textContent).toBe("Waits for known");
  waits("known").querySelector("a")?.click();
  expect(context.visit).toHaveBeenLastCalledWith("definer");
  expect(waits("other").querySelector("a")).toBeNull();
});

test("whatever is thrown has a name and a message", () => {
  const isDefined = () => false;
  expect(failureOf(new RangeError("far"), isDefined)).toMatchObject({
    name: "RangeError",
    message: "far",
  });
  expect(failureOf("text", isDefined)).toEqual({ name: "Error", message: "text" });
  expect(failureOf(undefined, isDefined)).toEqual({ name: "Error", message: "undefined" });
  expect(failureOf(Object.create(null), isDefined)).toEqual({
    name: "Error",
    message: "an object without a message",
  });
  const stated = { name: "Stopped", message: "The cell was stopped" };
  expect(failureOf(new StatedFailure(stated), isDefined)).toBe(stated);
});
