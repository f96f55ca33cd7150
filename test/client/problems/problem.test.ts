import { expect, test } from "vitest";
import { nextProblem, type Problem, problemsOf } from "../../../src/client/problems/problem.ts";
import type { CellDiagnostic, CellError, EditedCell } from "../../../src/protocol/index.ts";

const cell = (id: string, source: string, kind: EditedCell["kind"] = "browser"): EditedCell => ({
  id,
  kind,
  source,
  attributes: {},
});
const typed = (id: string, from: number, message: string, severity = "error") =>
  ({ cell: id, from, to: from + 1, severity, message, code: 1 }) as CellDiagnostic;
const told = (problems: readonly Problem[]) =>
  problems.map(
    ({ cell, line, offset, by, message }) => `${cell}:${line}@${offset} ${by} ${message}`,
  );

const cells = [cell("a", "one\ntwo\nthree"), cell("p", "prose", "prose"), cell("b", "x")];
const problems = (
  types: readonly CellDiagnostic[],
  failures: Readonly<Record<string, CellError>> = {},
) =>
  problemsOf(cells, (id) => ({
    types: types.filter(({ cell }) => cell === id),
    failure: failures[id],
  }));

test("problems are in page order, by their line", () => {
  const found = problems([typed("b", 0, "third"), typed("a", 4, "second"), typed("a", 1, "first")]);
  expect(told(found)).toEqual(["a:1@1 types first", "a:2@4 types second", "b:1@0 types third"]);
});

test("a place beyond a text that is shorter by now is its end", () => {
  expect(told(problems([typed("b", 40, "gone")]))).toEqual(["b:1@1 types gone"]);
});

test("what a run failed with stands where it was thrown, or at the beginning of its cell", () => {
  const failure = (at?: CellError["at"]): CellError => ({
    name: "TypeError",
    message: "no",
    ...(at && { at }),
  });
  const of = (at?: CellError["at"]) => told(problems([], { a: failure(at) }));
  expect(of({ cell: "a", line: 3, column: 2 })).toEqual(["a:3@9 run TypeError: no"]);
  expect(of()).toEqual(["a:1@0 run TypeError: no"]);
  expect(of({ cell: "b", line: 2, column: 1 })).toEqual(["a:1@0 run TypeError: no"]);
  expect(of({ cell: "a", line: 9, column: 9, file: "other.ts" })).toEqual([
    "a:1@0 run TypeError: no",
  ]);
  expect(of({ cell: "a", line: 9, column: 99 })).toEqual(["a:3@13 run TypeError: no"]);
});

test("a failure on a line that TypeScript finds wrong is told once", () => {
  const failure: CellError = {
    name: "SyntaxError",
    message: "no",
    at: { cell: "a", line: 2, column: 1 },
  };
  expect(told(problems([typed("a", 5, "wrong")], { a: failure }))).toEqual(["a:2@5 types wrong"]);
  expect(problems([typed("a", 5, "odd", "warning")], { a: failure })).toHaveLength(2);
  expect(problems([typed("a", 1, "wrong")], { a: failure })).toHaveLength(2);
});

test("one goes from problem to problem, and round the end", () => {
  const order = cells.map(({ id }) => id);
  const all = problems([typed("a", 1, "0"), typed("a", 4, "1"), typed("b", 0, "2")]);
  const next = (cell?: string, offset?: number, by: 1 | -1 = 1) =>
    nextProblem(
      all,
      order,
      cell === undefined ? undefined : { cell, ...(offset !== undefined && { offset }) },
      by,
    );
  expect([
    next(),
    next("a"),
    next("a", 1),
    next("a", 4),
    next("p"),
    next("b"),
    next("b", 0),
  ]).toEqual([0, 0, 1, 2, 2, 2, 0]);
  expect([next("b", 0, -1), next("p", undefined, -1), next("a", 4, -1), next("a", 1, -1)]).toEqual([
    1, 1, 0, 2,
  ]);
  expect(nextProblem([], order, undefined, 1)).toBe(-1);
});
