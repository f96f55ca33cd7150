// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { lazyLibraries } from "../../src/client/lazy-libraries.ts";
import { show } from "../../src/client/output.ts";

interface InputsLibrary {
  range(extent: readonly number[], options: object): Element;
  table(rows: readonly object[]): Element;
}

function shown(...values: readonly unknown[]): HTMLElement {
  const root = document.createElement("div");
  for (const value of values) show(root, value);
  return root;
}

test("an element and a text are shown as they are, a fragment as its children", () => {
  const element = document.createElement("b");
  const fragment = document.createDocumentFragment();
  fragment.append(document.createElement("i"), "text");
  const root = shown(element, new Text("more"), fragment);
  expect(root.innerHTML).toBe("<b></b>more<i></i>text");
  expect(root.firstChild).toBe(element);
});

test("anything else is shown as a text of it", () => {
  const text = (value: unknown) => shown(value).textContent?.replace(/\s+/g, " ").trim();
  expect([3, "a", null, undefined].map(text)).toEqual(["3", '"a"', "null", "undefined"]);
  expect(text([1, 2])).toBe("Array(2) [1, 2]");
});

test("an element that is shown elsewhere stays there", () => {
  const element = document.createElement("b");
  const elsewhere = shown(element);
  const root = shown(element);
  expect(element.parentNode).toBe(elsewhere);
  expect(root.childNodes).toHaveLength(1);
});

test("what Inputs and Plot leave without a name gets one", async () => {
  const { range, table } = (await lazyLibraries.inputs()) as InputsLibrary;
  const plot = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  plot.setAttribute("class", "plot-d6a7b5");
  const root = shown(range([0, 1], { label: "Rescale" }), table([{ a: 1 }]), plot);
  const label = (selector: string) => root.querySelector(selector)?.getAttribute("aria-label");
  expect(label("input[type=range]")).toBe("Rescale");
  expect(label("thead input")).toBe("select all rows");
  expect(label("tbody input")).toBe("select this row");
  expect([label("svg"), plot.getAttribute("role")]).toEqual(["chart", "img"]);
});
