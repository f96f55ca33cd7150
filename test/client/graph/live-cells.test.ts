// @vitest-environment happy-dom
import { expect, test } from "vitest";
import {
  expression,
  kernelCell,
  passes,
  program,
  recordedGraph,
} from "../../support/workbook-graph.ts";

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
