// @vitest-environment happy-dom
import { expect, test } from "vitest";
import {
  expression,
  kernelCell,
  passes,
  program,
  recordedGraph,
} from "../support/workbook-graph.ts";

test("an expression shows its value; a program shows what it displays", async () => {
  const { graph, place } = recordedGraph();
  graph.apply(
    [expression("sum", "1 + 2"), program("said", "display(4); display(5)", ["display"])],
    [],
  );
  await passes();
  expect(place("sum").text).toBe("3");
  expect(place("said").text).toBe("45");
});

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

test("a generator is iterated", async () => {
  const { graph, place } = recordedGraph();
  graph.apply(
    [
      program(
        "count",
        "const n = (function* () { for (let i = 1; i <= 3; i++) yield i })()",
        [],
        ["n"],
      ),
      expression("read", "n", ["n"]),
    ],
    [],
  );
  await passes(6);
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

test("what a stale run displays is not shown", async () => {
  const { graph, place } = recordedGraph();
  const late = "await new Promise((done) => setTimeout(done, 50)); display('old')";
  graph.apply([program("a", late, ["display"])], []);
  await passes();
  graph.apply([program("a", "display('new')", ["display"])], []);
  await new Promise((resolve) => setTimeout(resolve, 80));
  await passes();
  expect(place("a").text).toBe('"new"');
});

test("a kernel cell is asked once for its inputs and hands each output on", async () => {
  const asked: unknown[] = [];
  const kernel = {
    ask: (cell: string, inputs: Readonly<Record<string, unknown>>) => {
      asked.push([cell, inputs]);
      return Promise.resolve({ m: (inputs["n"] as number) * 10, k: 1 });
    },
    forget: () => {},
  };
  const { graph, place } = recordedGraph({ kernel });
  graph.apply(
    [
      program("n", "const n = 2", [], ["n"]),
      kernelCell("work", ["n"], ["m", "k"]),
      expression("read", "[n, m, k].join()", ["n", "m", "k"]),
    ],
    [],
  );
  await passes();
  expect(place("read").text).toBe('"2,20,1"');
  expect(asked).toEqual([["work", { n: 2 }]]);
  graph.askKernelAgain();
  await passes();
  expect(asked).toHaveLength(2);
});

test("a rerun shows its own output in place of the last one's, or nothing", async () => {
  const { graph, place } = recordedGraph();
  const a = (value: number) => program("a", `const a = ${value}`, [], ["a"]);
  graph.apply(
    [a(1), program("b", "if (a < 3) { display(a); display('!') }", ["a", "display"])],
    [],
  );
  await passes();
  expect(place("b").text).toBe('1"!"');
  graph.apply([a(2)], []);
  await passes();
  expect(place("b").text).toBe('2"!"');
  graph.apply([a(3)], []);
  await passes();
  expect(place("b").text).toBe("");
});

test("another body of the same version is for the next run, and causes none", async () => {
  const { graph, place, runs } = recordedGraph();
  const b = program("b", "display(ran('b', 10 * a))", ["ran", "a", "display"]);
  graph.apply([program("a", "const a = 1", [], ["a"]), b], []);
  await passes();
  const commented = program("b", "/* ten */ display(ran('b', 10 * a))", b.inputs);
  graph.apply(
    [{ ...commented, body: commented.body.replace("10", "100"), version: b.version }],
    [],
  );
  await passes();
  expect([place("b").text, runs.length]).toEqual(["10", 1]);
  graph.apply([program("a", "const a = 2", [], ["a"])], []);
  await passes();
  expect([place("b").text, runs.length]).toEqual(["200", 2]);
});

test("a name that becomes wanted of a kernel cell is asked for", async () => {
  let asked = 0;
  const kernel = {
    ask: async () => {
      asked++;
      return { m: 1, k: 2 };
    },
    forget: () => {},
  };
  const { graph, place } = recordedGraph({ kernel });
  const work = kernelCell("work", [], ["m", "k"]);
  graph.apply([{ ...work, wanted: ["m"] }], []);
  await passes();
  graph.apply([work, expression("read", "k", ["k"])], []);
  await passes();
  expect([place("read").text, asked]).toEqual(["2", 2]);
});
