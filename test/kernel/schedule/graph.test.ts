import { expect, test } from "vitest";
import { CellGraph } from "../../../kernel/schedule/graph.ts";
import { sketch } from "../../support/scripted-stage.ts";

const diamond = sketch({
  bottom: { reads: ["left", "right"] },
  left: { reads: ["top", "m"] },
  right: { reads: ["top"] },
  top: { reads: ["n"] },
});

test("upstream gives each cell after all it reads, else in page order", () => {
  const graph = new CellGraph(diamond);
  expect(graph.upstream(["bottom"])).toEqual(["top", "left", "right", "bottom"]);
  expect(graph.upstream(["right"])).toEqual(["top", "right"]);
  expect(graph.upstream(["nobody"])).toEqual([]);
});

test("downstream gives the cells and all that read them", () => {
  const graph = new CellGraph(diamond);
  expect([...graph.downstream(["left"])]).toEqual(["left", "bottom"]);
  expect([...graph.downstream(["top"])].sort()).toEqual(["bottom", "left", "right", "top"]);
});

test("page inputs reach through cells", () => {
  const graph = new CellGraph(diamond);
  expect([...graph.pageInputs("bottom")].sort()).toEqual(["m", "n"]);
  expect(graph.pageInputs("right")).toEqual(["n"]);
});

test("a cell that runs once is told apart by nothing, and hides what it reads", () => {
  const cells = sketch({
    once: { reads: ["n"], run: "once" },
    after: { reads: ["once", "m"] },
  });
  const graph = new CellGraph(cells);
  expect(graph.identity("once")).toEqual([]);
  expect(graph.identity("after")).toEqual(["m"]);
  expect([...graph.pageInputs("after")].sort()).toEqual(["m", "n"]);
});

test("cells of a cycle have a fault that spells it; cells below have none of their own", () => {
  const graph = new CellGraph(
    sketch({ a: { reads: ["c"] }, b: { reads: ["a"] }, c: { reads: ["b"] }, d: { reads: ["c"] } }),
  );
  const message = "Circular definition: a → c → b → a";
  for (const id of ["a", "b", "c"]) {
    expect(graph.fault(id)).toEqual({ name: "SyntaxError", message });
  }
  expect(graph.fault("d")).toBeUndefined();
});

test("a cell that reads itself is a cycle", () => {
  const graph = new CellGraph(sketch({ a: { reads: ["a"] } }));
  expect(graph.fault("a")?.message).toBe("Circular definition: a → a");
});

test("a name declared twice is a fault of both cells", () => {
  const graph = new CellGraph(sketch({ a: { gives: ["x"] }, b: { gives: ["x", "y"] }, c: {} }));
  for (const id of ["a", "b"]) {
    expect(graph.fault(id)?.message).toBe("x is defined more than once");
  }
  expect(graph.fault("c")).toBeUndefined();
});

test("a chain of 2,000 cells is put in order", () => {
  const cells = Object.fromEntries(
    Array.from({ length: 2_000 }, (_, i) => [`c${i}`, { reads: i > 0 ? [`c${i - 1}`] : [] }]),
  );
  const backwards = Object.fromEntries(Object.entries(cells).reverse());
  expect(new CellGraph(sketch(backwards)).upstream(["c1999"])).toEqual(Object.keys(cells));
});
