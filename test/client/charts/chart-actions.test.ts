// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { addActions } from "../../../src/client/charts/chart-actions.ts";
import { element } from "../../../src/client/element.ts";

beforeEach(() => document.body.replaceChildren());

function opened() {
  const chart = element("figure");
  document.body.append(chart, element("button", { id: "beside" }));
  addActions(chart, "matrix", () => ({ caption: "", columns: ["x"], count: 0, row: () => [] }));
  const menu = chart.querySelector("details")!;
  menu.open = true;
  menu.dispatchEvent(new Event("toggle"));
  return menu;
}

const focused = () => document.activeElement?.textContent;
const press = (key: string) =>
  document.activeElement?.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }),
  );

test("a chart's menu opens with the focus on its first action, and the arrow keys go round", () => {
  opened();
  expect(focused()).toBe("Show as table");
  press("ArrowDown");
  expect(focused()).toBe("Save as SVG");
  press("ArrowUp");
  press("ArrowUp");
  expect(focused()).toBe("Save as CSV");
});

test("Escape closes it and gives the focus back; a press elsewhere closes it", () => {
  const menu = opened();
  press("Escape");
  expect([menu.open, focused()]).toEqual([false, "⋯"]);
  const again = opened();
  document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }));
  expect(again.open).toBe(false);
});
