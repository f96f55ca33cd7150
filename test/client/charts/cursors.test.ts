// @vitest-environment happy-dom
import { expect, test } from "vitest";
import type { MatrixPlace } from "../../../src/charts/index.ts";
import { onMatrixCursor } from "../../../src/client/charts/matrix-cursor.ts";
import { onOrderCursor } from "../../../src/client/charts/order-cursor.ts";

/** An element of 200 by 100 pixels at 10, 20. */
function plane(): HTMLElement {
  const element = document.createElement("div");
  element.getBoundingClientRect = () => new DOMRect(10, 20, 200, 100);
  document.body.replaceChildren(element);
  return element;
}

const point = (element: Element, x: number, y: number) =>
  element.dispatchEvent(new PointerEvent("pointermove", { clientX: x, clientY: y }));

/** Presses a key; whether the page was kept from acting on it. */
function press(element: Element, key: string, held: KeyboardEventInit = {}): boolean {
  const event = new KeyboardEvent("keydown", { key, cancelable: true, ...held });
  return !element.dispatchEvent(event);
}

function matrix() {
  const element = plane();
  const seen = { place: undefined as MatrixPlace | undefined, chosen: 0 };
  onMatrixCursor(
    element,
    element,
    { rows: 20, columns: 40 },
    {
      place: () => seen.place,
      move: (to) => {
        seen.place = to;
      },
      choose: () => seen.chosen++,
    },
  );
  return { element, seen };
}

test("over a matrix the pointer is on the entry below it, and outside on none", () => {
  const { element, seen } = matrix();
  for (const [x, y, row, column] of [
    [10, 20, 0, 0],
    [14.9, 24.9, 0, 0],
    [15, 25, 1, 1],
    [209.9, 119.9, 19, 39],
  ] as const) {
    point(element, x, y);
    expect(seen.place).toEqual({ row, column });
  }
  for (const [x, y] of [
    [9.9, 50],
    [210, 50],
    [50, 19.9],
    [50, 120],
  ] as const) {
    point(element, 50, 50);
    point(element, x, y);
    expect(seen.place).toBeUndefined();
  }
});

test("arrows go from entry to entry, with Shift by ten, Home and End along the row, none over the edge", () => {
  const { element, seen } = matrix();
  const after = (key: string, held?: KeyboardEventInit) => {
    press(element, key, held);
    return [seen.place?.row, seen.place?.column];
  };
  expect(after("ArrowRight")).toEqual([0, 1]);
  expect(after("ArrowDown")).toEqual([1, 1]);
  expect(after("ArrowRight", { shiftKey: true })).toEqual([1, 11]);
  expect(after("ArrowDown", { shiftKey: true })).toEqual([11, 11]);
  expect(after("ArrowUp")).toEqual([10, 11]);
  expect(after("ArrowLeft")).toEqual([10, 10]);
  expect(after("End")).toEqual([10, 39]);
  expect(after("ArrowRight")).toEqual([10, 39]);
  expect(after("Home")).toEqual([10, 0]);
  expect(after("ArrowLeft")).toEqual([10, 0]);
  expect(after("ArrowDown", { shiftKey: true })).toEqual([19, 0]);
  expect(after("Escape")).toEqual([undefined, undefined]);
});

function order(choose?: () => void) {
  const element = plane();
  const seen = { place: undefined as number | undefined };
  onOrderCursor(element, {
    count: 30,
    place: () => seen.place,
    move: (to) => {
      seen.place = to;
    },
    nearest: (x, y) => (y < 50 ? Math.floor(x) : undefined),
    ...(choose && { choose }),
  });
  return { element, seen };
}

test("along an order the pointer is on the place that is nearest, in the plane's own pixels", () => {
  const { element, seen } = order();
  point(element, 17, 60);
  expect(seen.place).toBe(7);
  point(element, 17, 80);
  expect(seen.place).toBeUndefined();
});

test("along an order the first arrow goes to its beginning, the others on and back", () => {
  const { element, seen } = order();
  const after = (key: string, held?: KeyboardEventInit) => {
    press(element, key, held);
    return seen.place;
  };
  expect(after("ArrowRight")).toBe(0);
  expect(after("ArrowDown")).toBe(1);
  expect(after("ArrowRight", { shiftKey: true })).toBe(11);
  expect(after("ArrowUp")).toBe(10);
  expect(after("ArrowLeft")).toBe(9);
  expect(after("ArrowLeft", { shiftKey: true })).toBe(0);
  expect(after("End")).toBe(29);
  expect(after("ArrowRight")).toBe(29);
  expect(after("Home")).toBe(0);
  expect(after("Escape")).toBeUndefined();
  expect(after("ArrowLeft")).toBe(0);
});

test("a click and Enter choose, where there is something to choose", () => {
  const { element, seen } = matrix();
  element.click();
  expect(press(element, "Enter")).toBe(true);
  expect(seen.chosen).toBe(2);
  let chosen = 0;
  const along = order(() => chosen++);
  along.element.click();
  press(along.element, "Enter");
  expect(chosen).toBe(2);
  expect(press(order().element, "Enter")).toBe(false);
});

test("keys of the page and of the browser are theirs", () => {
  for (const { element, seen } of [matrix(), order()]) {
    expect(press(element, "ArrowRight")).toBe(true);
    const before = seen.place;
    for (const held of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }]) {
      expect(press(element, "ArrowRight", held)).toBe(false);
    }
    expect(press(element, "x")).toBe(false);
    expect(seen.place).toEqual(before);
  }
});

test("the cursor is gone when the pointer or the focus is", () => {
  for (const event of ["pointerleave", "blur"]) {
    for (const { element, seen } of [matrix(), order()]) {
      press(element, "End");
      element.dispatchEvent(new Event(event));
      expect(seen.place).toBeUndefined();
    }
  }
});
