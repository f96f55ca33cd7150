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
  let current = "k";
  let tell = () => {};
  const panel = graphPanel({
    nodes: () =>
      cells.map(({ id, outputs, kind }) => ({
        id,
        name: outputs.join() || id,
        side: kind,
        state: "",
      })),
    neighbours: () => neighboursOf(cells),
    current: () => current,
    follow: (listener) => {
      tell = listener;
    },
    visit: (cell) => visited.push(cell),
  });
  const element = panel.open(new AbortController().signal);
  document.body.append(element);
  const node = (id: string) => element.querySelector<HTMLElement>(`[data-node="${id}"]`)!;
  const press = (key: string) =>
    document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  const go = (id: string) => {
    current = id;
    tell();
  };
  return { element, node, press, visited, go };
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

test("the cell that becomes current is looked at, whatever the pointer was on before", () => {
  const { element, node, go } = opened();
  const note = () => element.querySelector(".panel-note")!.textContent;
  node("n").dispatchEvent(new Event("pointerover", { bubbles: true }));
  expect(note()).toBe("n reads nothing; k, shown read it.");
  go("shown");
  expect(note()).toBe("shown reads k, n; nothing reads it.");
  expect(node("shown").getAttribute("aria-current")).toBe("true");
  expect(node("k").getAttribute("aria-current")).toBeNull();
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
    {
      name: "m",
      type: "Float64",
      shape: [2, 3],
      bytes: 48_000,
      cell: "made",
      label: "m, n",
      side: "kernel",
    },
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
  expect(row()).toEqual(["m|Float64|2 × 3|48 kB|m, n · kernel"]);
  variables.push({
    name: "x",
    type: "number",
    bytes: 0,
    cell: "page",
    label: "page",
    side: "browser",
  });
  tell();
  expect(row()[1]).toBe("x|number|||page");
  element.querySelector<HTMLElement>("[data-name=x]")!.click();
  expect(visited).toEqual(["page"]);
});
