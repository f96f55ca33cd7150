// @vitest-environment happy-dom
import { expect, test } from "vitest";
import type { BrowserCell } from "../../src/client/define.ts";
import { expression, passes, program, recordedGraph } from "../support/workbook-graph.ts";

/** A number control as a cell makes it: `max` bounds what it admits, as a range does. */
const control = `
  const input = Object.assign(document.createElement("div"), {number: value});
  Object.defineProperty(input, "value", {get: () => input.number, set: (v) => (input.number = Math.min(max, v))});
`;

function slider(max: number, value: number): BrowserCell {
  const source = `const max = ${max}, value = ${value};${control}const n = view(input)`;
  return program("slider", source, ["view"], ["n"]);
}

function set(place: { output: HTMLElement }, value: number): void {
  const input = place.output.firstElementChild as HTMLElement & { value: number };
  input.value = value;
  input.dispatchEvent(new Event("input"));
}

test("a view is shown, and its name has its value: the first, then each that is set", async () => {
  const { graph, place } = recordedGraph();
  graph.apply([slider(10, 3), expression("read", "n", ["n"])], []);
  await passes();
  expect(place("read").text).toBe("3");
  set(place("slider"), 5);
  await passes();
  expect(place("read").text).toBe("5");
});

test("of several values set within a frame the newest is taken, once", async () => {
  const { graph, place, runs } = recordedGraph();
  graph.apply([slider(1000, 3), expression("read", "ran('read', n)", ["ran", "n"])], []);
  await passes();
  runs.length = 0;
  for (let value = 100; value < 300; value++) set(place("slider"), value);
  await passes(6);
  expect(place("read").text).toBe("299");
  expect(runs.length).toBeLessThanOrEqual(2);
});

test("a drag of one move a frame gives one value a frame", async () => {
  const { graph, place, runs } = recordedGraph();
  graph.apply([slider(1000, 3), expression("read", "ran(n, n)", ["ran", "n"])], []);
  await passes();
  runs.length = 0;
  for (let value = 100; value < 120; value++) {
    set(place("slider"), value);
    await passes(1);
  }
  await passes();
  expect(runs.length).toBeGreaterThanOrEqual(19);
});

test("a redefined view keeps what the person set", async () => {
  const { graph, place } = recordedGraph();
  graph.apply([slider(10, 3), expression("read", "n", ["n"])], []);
  await passes();
  set(place("slider"), 7);
  await passes();
  graph.apply([slider(20, 4)], []);
  await passes();
  expect(place("read").text).toBe("7");
});

test("a redefined view that nobody has touched has its new value", async () => {
  const { graph, place } = recordedGraph();
  graph.apply([slider(10, 3), expression("read", "n", ["n"])], []);
  await passes();
  graph.apply([slider(10, 4)], []);
  await passes();
  expect(place("read").text).toBe("4");
});

test("a kept value that the new control does not admit is let go", async () => {
  const { graph, place } = recordedGraph();
  graph.apply([slider(10, 3), expression("read", "n", ["n"])], []);
  await passes();
  set(place("slider"), 7);
  await passes();
  graph.apply([slider(5, 2)], []);
  await passes();
  expect(place("read").text).toBe("2");
});

test("a cell that hangs on one value of a slider runs again on the next", async () => {
  const { graph, place } = recordedGraph();
  const slow = "n === 5 ? new Promise(() => {}) : n";
  const outputs = program("late", `const late = ${slow}`, ["n"], ["late"]);
  graph.apply(
    [slider(10, 3), expression("body", slow, ["n"]), outputs, expression("read", "late", ["late"])],
    [],
  );
  await passes();
  set(place("slider"), 5);
  await passes();
  expect(place("body").state).toBe("pending");
  set(place("slider"), 6);
  await passes();
  expect(place("body").text).toBe("6");
  expect(place("read").text).toBe("6");
});
