// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { expression, passes, program, recordedGraph } from "../../support/workbook-graph.ts";

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
