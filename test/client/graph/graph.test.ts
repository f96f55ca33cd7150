// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { expression, passes, program, recordedGraph } from "../../support/workbook-graph.ts";

test("names flow between cells in any order, promises awaited", async () => {
  const { graph, place } = recordedGraph();
  graph.apply(
    [
      expression("read", "a + b", ["a", "b"]),
      program("write", "const a = 1, b = Promise.resolve(2)", [], ["a", "b"]),
    ],
    [],
  );
  await passes();
  expect(place("read").text).toBe("3");
});

test("redefining a cell reruns it and what depends on it, nothing else", async () => {
  const { graph, place, runs } = recordedGraph();
  const cells = [
    program("a", "const a = ran('a', 1)", ["ran"], ["a"]),
    expression("b", "ran('b', a)", ["ran", "a"]),
    expression("other", "ran('other', 0)", ["ran"]),
  ];
  graph.apply(cells, []);
  await passes();
  expect(runs.toSorted()).toEqual(["a", "b", "other"]);
  runs.length = 0;
  graph.apply([program("a", "const a = ran('a', 2)", ["ran"], ["a"])], []);
  await passes();
  expect(runs).toEqual(["a", "b"]);
  expect(place("b").text).toBe("2");
  runs.length = 0;
  graph.apply(cells.slice(1), []);
  await passes();
  expect(runs).toEqual([]);
});

test("a cell waiting for a promise that never settles can be edited, and its dependants recover", async () => {
  const { graph, place } = recordedGraph();
  graph.apply(
    [
      program("hung", "const a = new Promise(() => {})", [], ["a"]),
      program("middle", "const b = a", ["a"], ["b"]),
      expression("below", "b", ["b"]),
    ],
    [],
  );
  await passes();
  expect(place("below").state).toBe("pending");
  graph.apply([program("hung", "const a = 7", [], ["a"])], []);
  await passes();
  expect(place("below").text).toBe("7");
});

test("a cell below a hung one that stops reading it recovers at once", async () => {
  const { graph, place } = recordedGraph();
  graph.apply(
    [
      program("hung", "await new Promise(() => {}); const a = 0", [], ["a"]),
      program("middle", "const b = a", ["a"], ["b"]),
      expression("below", "b", ["b"]),
    ],
    [],
  );
  await passes();
  graph.apply([program("middle", "const b = 5", [], ["b"])], []);
  await passes();
  expect(place("below").text).toBe("5");
});

test("a hundred edits leave no variable behind", async () => {
  const { graph, place } = recordedGraph();
  const edited = (n: number) =>
    program(
      "a",
      `const a = ${n}; display(a); const v = view(document.createElement('input'))`,
      ["display", "view"],
      ["a", "v"],
    );
  graph.apply([edited(0), expression("b", "a", ["a"])], []);
  await passes();
  const before = graph.size;
  for (let n = 1; n <= 100; n++) {
    graph.apply([edited(n)], []);
    if (n % 10 === 0) await passes(1);
  }
  await passes();
  expect(place("b").text).toBe("100");
  expect(graph.size).toBe(before);
});

test("a removed cell takes its names with it; the same cell again gives them back", async () => {
  const { graph, place } = recordedGraph();
  const a = program("a", "const a = 1", [], ["a"]);
  graph.apply([a, expression("b", "a", ["a"])], []);
  await passes();
  graph.apply([], ["a"]);
  await passes();
  expect(place("b").error).toEqual({ name: "ReferenceError", message: "a is not defined" });
  graph.apply([a], []);
  await passes();
  expect(place("b").text).toBe("1");
});
