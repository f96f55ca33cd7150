// @vitest-environment happy-dom
import { expect, test } from "vitest";
import type { BrowserCell, KernelCell } from "../../../src/client/define.ts";
import type { GraphParts } from "../../../src/client/graph/index.ts";
import type { StaleReason } from "../../../src/protocol/index.ts";
import {
  expression,
  kernelCell,
  passes,
  program,
  recordedGraph,
} from "../../support/workbook-graph.ts";

type Mode = BrowserCell["run"];
const inMode = <T extends BrowserCell | KernelCell>(run: Mode, cell: T): T => ({ ...cell, run });

/** `n` is 1, `a` reads it in a mode, `b` reads `a`. */
const chain = (run: Mode, n: number, a = "n + 1") => [
  program("n", `const n = ran('n', ${n})`, ["ran"], ["n"]),
  inMode(run, program("a", `const a = ran('a', ${a})`, ["ran", "n"], ["a"])),
  expression("b", "ran('b', a)", ["ran", "a"]),
];

test("on demand: nothing runs until it is asked for, and then what reads it", async () => {
  const { graph, place, runs } = recordedGraph();
  graph.apply(chain("demand", 1), []);
  await passes();
  expect(runs).toEqual(["n"]);
  expect(place("a").error).toMatchObject({ name: "OnDemand" });
  expect(place("b").error).toMatchObject({ name: "Blocked", blockedBy: "a" });
  graph.run(["a"]);
  await passes();
  expect(runs).toEqual(["n", "a", "b"]);
  expect(place("b").text).toBe("2");
});

test("on demand: a change above is told with both values, and reruns neither it nor what reads it", async () => {
  const { graph, place, runs } = recordedGraph();
  graph.apply(chain("demand", 1), []);
  graph.run(["a"]);
  await passes();
  graph.apply(chain("demand", 5).slice(0, 1), []);
  await passes();
  expect(runs).toEqual(["n", "a", "b", "n"]);
  expect(place("a").reasons).toEqual([{ name: "n", was: "1", now: "5" }]);
  expect(place("b").text).toBe("2");
  graph.run(["a"]);
  await passes();
  expect(place("b").text).toBe("6");
  expect(place("a").reasons).toEqual([]);
});

test("on demand: a change taken back is no change", async () => {
  const { graph, place, runs } = recordedGraph();
  graph.apply(chain("demand", 1), []);
  graph.run(["a"]);
  await passes();
  graph.apply(chain("demand", 5).slice(0, 1), []);
  await passes();
  graph.apply(chain("demand", 1).slice(0, 1), []);
  await passes();
  expect(place("a").reasons).toEqual([]);
  expect(runs.filter((name) => name === "a")).toHaveLength(1);
});

test("on demand: another code is told and not run, unless a person asks", async () => {
  const { graph, place, runs } = recordedGraph();
  graph.apply(chain("demand", 1), []);
  graph.run(["a"]);
  await passes();
  graph.apply([chain("demand", 1, "n + 10")[1]!], []);
  await passes();
  expect(place("a").reasons).toEqual([{}]);
  expect(place("b").text).toBe("2");
  expect(runs).toEqual(["n", "a", "b"]);
  graph.apply([chain("demand", 1, "n + 20")[1]!], [], new Set(["a"]));
  await passes();
  expect(place("b").text).toBe("21");
  expect(runs).toEqual(["n", "a", "b", "a", "b"]);
});

test("once: it runs when its inputs are there, and not again", async () => {
  const { graph, place, runs } = recordedGraph();
  graph.apply(chain("once", 1), []);
  await passes();
  expect(place("b").text).toBe("2");
  graph.apply(chain("once", 5).slice(0, 1), []);
  await passes();
  expect(runs).toEqual(["n", "a", "b", "n"]);
  expect(place("a").reasons).toEqual([]);
  graph.run(["a"]);
  await passes();
  expect(place("b").text).toBe("6");
});

test("a live cell that nothing has changed runs again when a person asks", async () => {
  const { graph, runs } = recordedGraph();
  graph.apply(chain("live", 1), []);
  await passes();
  graph.run(["a"]);
  await passes();
  expect(runs).toEqual(["n", "a", "b", "a", "b"]);
});

test("from live to on demand the value stays; back again it is brought up to date", async () => {
  const { graph, place, runs } = recordedGraph();
  graph.apply(chain("live", 1), []);
  await passes();
  graph.apply([chain("demand", 1)[1]!], []);
  await passes();
  expect(runs.filter((name) => name === "a")).toHaveLength(1);
  expect(place("b").text).toBe("2");
  graph.apply(chain("demand", 7).slice(0, 1), []);
  await passes();
  expect(place("a").reasons).toEqual([{ name: "n", was: "1", now: "7" }]);
  graph.apply([chain("live", 7)[1]!], []);
  await passes();
  expect(place("b").text).toBe("8");
});

test("an input that fails leaves the value that it has, and says so", async () => {
  const { graph, place } = recordedGraph();
  graph.apply(chain("demand", 1), []);
  graph.run(["a"]);
  await passes();
  graph.apply([program("n", "const n = missing.x", [], ["n"])], []);
  await passes();
  expect(place("a").reasons).toEqual([{ name: "n" }] satisfies StaleReason[]);
  expect(place("b").text).toBe("2");
});

function kernelOf(answer: (cell: string, isRun: boolean) => Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  const kernel: GraphParts["kernel"] = {
    ask: async (cell, _inputs, _invalidation, isRun = false) => {
      asked.push(isRun ? `${cell}!` : cell);
      return answer(cell, isRun);
    },
    forget: () => {},
  };
  return { kernel, asked };
}

test("a kernel cell that is edited has the kernel cells below it asked for again, in the same pass", async () => {
  const values = { k: {}, below: {}, other: {} } as Record<string, object>;
  const { kernel, asked } = kernelOf((cell) => ({ [cell]: values[cell] }));
  const { graph } = recordedGraph({ kernel });
  const cells = [
    kernelCell("k", [], ["k"]),
    kernelCell("below", [], ["below"], "1", ["k"]),
    kernelCell("other", [], ["other"]),
  ];
  graph.apply(cells, []);
  await passes();
  expect(asked.toSorted()).toEqual(["below", "k", "other"]);
  graph.apply([kernelCell("k", [], ["k"], "2")], []);
  await passes();
  expect(asked.slice(3).toSorted()).toEqual(["below", "k"]);
});

test("what the kernel keeps of a cell on demand is passed on only when it is another value", async () => {
  let held = { k: 1 };
  const { kernel, asked } = kernelOf((_cell, isRun) => {
    if (isRun) held = { k: held.k + 1 };
    return held;
  });
  const { graph, place, runs } = recordedGraph({ kernel });
  const cells = (n: number) => [
    program("n", `const n = ${n}`, [], ["n"]),
    inMode("demand", kernelCell("k", ["n"], ["k"])),
    expression("b", "ran('b', k)", ["ran", "k"]),
  ];
  graph.apply(cells(1), []);
  await passes();
  graph.apply(cells(2).slice(0, 1), []);
  await passes();
  expect(asked).toEqual(["k", "k"]);
  expect(runs).toEqual(["b"]);
  graph.run(["k"]);
  await passes();
  expect(asked.at(-1)).toBe("k!");
  expect(place("b").text).toBe("2");
});

test("100 edits of a cell on demand leave no variables behind", async () => {
  const { graph } = recordedGraph();
  graph.apply(chain("demand", 1), []);
  graph.run(["a"]);
  await passes();
  const { size } = graph;
  for (let i = 0; i < 100; i++) graph.apply([chain("demand", 1, `n + ${i}`)[1]!], []);
  await passes();
  expect(graph.size).toBe(size);
});
