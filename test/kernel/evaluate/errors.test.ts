import { expect, test } from "vitest";
import { codeName, codeOrigin, withoutCodeNames } from "../../../kernel/code-name.ts";
import { cellError } from "../../../kernel/evaluate/errors.ts";

const same = (_run: number, position: { line: number; column: number }) => position;

function thrown(stack: readonly string[], message = "Wrong", cause?: unknown): Error {
  const error = new TypeError(message, { cause });
  error.stack = [`TypeError: ${message}`, ...stack].join("\n");
  return error;
}

test("frames in cells are kept, innermost first; all others are left out", () => {
  const error = thrown([
    "    at inner (node:internal/fs:1:1)",
    "    at f (/books/cell:matrix#12:3:14)",
    "    at async /books/cell:two%20words#7:1:2",
    "    at Object.go (file:///simile/dist/kernel.js:9:9)",
  ]);
  expect(cellError(error, same)).toEqual({
    name: "TypeError",
    message: "Wrong",
    at: { cell: "matrix", line: 3, column: 14 },
    frames: [
      { cell: "matrix", line: 3, column: 14 },
      { cell: "two words", line: 1, column: 2 },
    ],
  });
});

test("positions are mapped by the run they come from", () => {
  const error = thrown(["    at f (/books/cell:a#12:3:14)"]);
  const moved = (run: number, { line, column }: { line: number; column: number }) => ({
    line: line + run,
    column: column - 10,
  });
  expect(cellError(error, moved).at).toEqual({ cell: "a", line: 15, column: 4 });
});

test("a frame without a position is before the first line", () => {
  const at: unknown[] = [];
  cellError(thrown(["    at /books/cell:a#1"]), (_run, position) => {
    at.push(position);
    return position;
  });
  expect(at).toEqual([{ line: 0, column: 1 }]);
});

test("an error without a frame in a cell has no position", () => {
  expect(cellError(thrown(["    at inner (node:fs:1:1)"]), same)).toEqual({
    name: "TypeError",
    message: "Wrong",
  });
});

test("the cause follows the sentence, and lends its position", () => {
  const root = thrown(["    at f (/books/cell:a#1:5:6)"], "No such file");
  const middle = thrown([], "Cannot read", root);
  const error = cellError(thrown([], "Cannot open", middle), same);
  expect(error.message).toBe("Cannot open\nCaused by: Cannot read\nCaused by: No such file");
  expect(error.at).toEqual({ cell: "a", line: 5, column: 6 });
});

test("an error that causes itself is told once", () => {
  const error = thrown([]);
  error.cause = error;
  expect(cellError(error, same).message).toBe("Wrong");
});

test("a message that looks like a frame is none", () => {
  const error = thrown([], "see cell:a#1:5:6)");
  expect(cellError(error, same).at).toBeUndefined();
});

test.for<[unknown, string]>([
  ["text", "Thrown: 'text'"],
  [undefined, "Thrown: undefined"],
  [{ code: 1 }, "Thrown: { code: 1 }"],
  [new AggregateError([new Error("one"), "two"], "Both failed"), "Both failed\nError: one\n'two'"],
  [new Error(""), "Error"],
])("%o is told as %j", ([value, message]) => {
  expect(cellError(value, same).message).toBe(message);
});

test("a message is cut where it would fill the page", () => {
  expect(cellError(new Error("x".repeat(10_000)), same).message).toHaveLength(4_096);
});

test("a name of code says whose it is, whatever the cell is called", () => {
  for (const cell of ["matrix", "two words", "a#b@c:1", "ä/ö", "%20"]) {
    const name = codeName("/books", { cell, run: 12 });
    expect(codeOrigin(`    at f (${name}:3:14)`)).toEqual({ cell, run: 12 });
  }
  expect(codeOrigin("    at f (/books/other.js:3:14)")).toBeUndefined();
});

test("printed stacks name cells as a person knows them", () => {
  const name = codeName("/my books", { cell: "matrix", run: 3 });
  expect(withoutCodeNames(`Error: x\n    at f (${name}:3:14)`, "/my books")).toBe(
    "Error: x\n    at f (matrix:3:14)",
  );
  expect(withoutCodeNames("a cell: empty", "/my books")).toBe("a cell: empty");
});

test("printed stacks end where the kernel begins", () => {
  const name = codeName("/books", { cell: "matrix", run: 3 });
  const kernel = new URL("../../../kernel/evaluate/evaluate.ts", import.meta.url).href;
  const stack = `Error: x\n    at ${name}:3:14\n    at Evaluator.evaluate (${kernel}:335:50)`;
  expect(withoutCodeNames(stack, "/books")).toBe("Error: x\n    at matrix:3:14");
});

test("a value whose own getters throw is an error too", () => {
  const hostile = Object.defineProperty({}, "message", {
    get() {
      throw new Error("no");
    },
  });
  expect(cellError(hostile, same)).toEqual({
    name: "Error",
    message: "Thrown: a value that has no text",
  });
});
