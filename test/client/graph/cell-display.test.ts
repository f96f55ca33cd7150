// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { expression, passes, program, recordedGraph } from "../../support/workbook-graph.ts";

test("an old value stays until the new one is there: never undefined, never empty", async () => {
  const { graph, place } = recordedGraph();
  graph.apply([expression("slow", "1")], []);
  await passes();
  graph.apply([expression("slow", "new Promise((done) => setTimeout(done, 80, 2))")], []);
  const seen = new Set<string>();
  for (let i = 0; i < 12; i++) {
    seen.add(place("slow").text);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await passes();
  seen.add(place("slow").text);
  expect([...seen]).toEqual(["1", "2"]);
});

test("an error is told at its own line and column, and dependants say what they wait for", async () => {
  const { graph, place } = recordedGraph();
  graph.apply(
    [
      program("bad", "const a = 1;\n  null.x;", [], ["a"]),
      program("middle", "const b = a", ["a"], ["b"]),
      expression("below", "b", ["b"]),
    ],
    [],
  );
  await passes();
  const message = "Cannot read properties of null (reading 'x')";
  expect(place("bad").error).toMatchObject({ name: "TypeError", message });
  expect(place("bad").error?.at).toEqual({ cell: "bad", line: 2, column: 8 });
  expect(place("middle").error).toEqual({ name: "Blocked", message, blockedBy: "a" });
  expect(place("below").error).toEqual({ name: "Blocked", message, blockedBy: "b" });
});

test("an expression's error is at its own position too", async () => {
  const { graph, place } = recordedGraph();
  graph.apply([expression("bad", "null.x")], []);
  await passes();
  expect(place("bad").error?.at).toEqual({ cell: "bad", line: 1, column: 6 });
});

test("an output that is a rejected promise fails its own cell", async () => {
  const { graph, place } = recordedGraph();
  graph.apply([program("bad", "const a = Promise.reject(new Error('no'))", [], ["a"])], []);
  await passes();
  expect(place("bad").error).toMatchObject({ name: "Error", message: "no" });
});

test("a cell the analysis refused says so, and its dependants wait", async () => {
  const { graph, place } = recordedGraph();
  const error = {
    name: "SyntaxError",
    message: "Unexpected token",
    at: { cell: "bad", line: 1, column: 2 },
  };
  graph.apply([{ ...program("bad", "", [], ["a"]), error }, expression("below", "a", ["a"])], []);
  await passes();
  expect(place("bad").error).toEqual(error);
  expect(place("below").error?.blockedBy).toBe("a");
});

test("a circle is told at each of its cells and runs nothing", async () => {
  const { graph, place, runs } = recordedGraph();
  graph.apply(
    [
      program("a", "const a = ran('a', b)", ["ran", "b"], ["a"]),
      program("b", "const b = ran('b', a)", ["ran", "a"], ["b"]),
    ],
    [],
  );
  await passes();
  expect(place("a").error).toEqual({ name: "RuntimeError", message: "Circular definition" });
  expect(runs).toEqual([]);
});

test("a name that no cell defines is not looked up among the elements of the page", async () => {
  const element = document.createElement("div");
  Object.assign(globalThis, { matrix: element });
  const { graph, place } = recordedGraph();
  graph.apply([expression("read", "matrix", ["matrix"])], []);
  await passes();
  expect(place("read").error?.message).toBe("matrix is not defined");
  Reflect.deleteProperty(globalThis, "matrix");
});
