// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { neighboursOf } from "../../../src/client/neighbours.ts";
import { graphPanel, type Variable, variablesPanel } from "../../../src/client/panels/index.ts";
import { expression, kernelCell, program } from "../../support/workbook-graph.ts";

beforeEach(() => document.body.replaceChildren());

const cells = [
  program("n", "", [], ["n"]),
  kernelCell("k", ["n"], ["k"]),
  expression("shown", "k + n", ["k", "n"]),
];

function opened() {
  const visited: string[] = [];
  const panel = graphPanel({
    nodes: () =>
      cells.map(({ id, outputs, kind }) => ({ id, names: outputs, side: kind, state: "" })),
    neighbours: () => neighboursOf(cells),
    current: () => "k",
    follow: () => {},
    visit: (cell) => visited.push(cell),
  });
  const element = panel.open(new AbortController().signal);
  document.body.append(element);
  const node = (id: string) => element.querySelector<HTMLElement>(`[data-node="${id}"]`)!;
  const press = (key: string) =>
    document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  return { element, node, press, visited };
}

test("cells in page order, an arc for each that reads another, the current one's neighbours marked", () => {
  const { element, node } = opened();
  const ids = Array.from(element.querySelectorAll("[data-node]"), (one) =>
    one.getAttribute("data-node"),
  );
  expect(ids).toEqual(["n", "k", "shown"]);
  expect(element.querySelectorAll("path")).toHaveLength(3);
  expect(element.querySelectorAll("path.is-looked")).toHaveLength(2);
  expect(node("n").classList.contains("is-read")).toBe(true);
  expect(node("shown").classList.contains("is-reader")).toBe(true);
  expect(element.querySelector(".panel-note")!.textContent).toBe("k reads n; shown reads it.");
});

test("keys go along the page and along the arcs; pressing a cell goes to it", () => {
  const { node, press, visited } = opened();
  node("k").focus();
  press("ArrowDown");
  expect(document.activeElement).toBe(node("shown"));
  press("ArrowLeft");
  expect(document.activeElement).toBe(node("n"));
  press("ArrowRight");
  expect(document.activeElement).toBe(node("k"));
  press("Home");
  expect(document.activeElement).toBe(node("n"));
  node("n").click();
  expect(visited).toEqual(["n"]);
});

test("variables with type, shape, bytes and cell; they follow, and stop when closed", () => {
  const variables: Variable[] = [
    { name: "m", type: "Float64", shape: [2, 3], bytes: 48_000, cell: "made", side: "kernel" },
  ];
  const visited: string[] = [];
  let tell = () => {};
  const panel = variablesPanel({
    variables: () => variables,
    follow: (listener) => {
      tell = listener;
    },
    visit: (cell) => visited.push(cell),
  });
  const element = panel.open(new AbortController().signal);
  const row = () =>
    Array.from(element.querySelectorAll("tbody > tr"), (one) =>
      Array.from(one.children, (part) => part.textContent).join("|"),
    );
  expect(row()).toEqual(["m|Float64|2 × 3|48 kB|made · kernel"]);
  variables.push({ name: "x", type: "number", bytes: 0, cell: "page", side: "browser" });
  tell();
  expect(row()[1]).toBe("x|number|||page");
  element.querySelector<HTMLElement>("[data-name=x]")!.click();
  expect(visited).toEqual(["page"]);
});
