// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { ShownView } from "../../../src/client/cell/shown-view.ts";

const plain = (display: string, text: string) => ({ display, bundle: { "text/plain": text } });

function texts({ element }: ShownView): string[] {
  return [...element.children].map((part) => part.textContent);
}

test("what a run shows takes the place of the last result's with the first of it", () => {
  const view = new ShownView();
  view.settle([plain("a", "1")]);
  view.begin();
  expect(texts(view)).toEqual(["1"]);
  view.show(plain("b", "2"), false);
  view.show(plain("c", "3"), false);
  view.show(plain("b", "2.1"), true);
  view.show(plain("nobody", "x"), true);
  expect(texts(view)).toEqual(["2.1", "3"]);
  expect(view.element.hidden).toBe(false);
});

test("a result held already is shown again, whatever was shown meanwhile", () => {
  const view = new ShownView();
  view.settle([plain("a", "1")]);
  view.begin();
  view.show(plain("b", "2"), false);
  view.restore();
  expect(texts(view)).toEqual(["1"]);
  view.settle([]);
  expect(view.element.hidden).toBe(true);
});

test("what is there is not drawn anew when it comes with its result", () => {
  const view = new ShownView();
  const shown = plain("a", "1");
  view.begin();
  view.show(shown, false);
  const [part] = view.element.children;
  view.settle([shown, plain("value", "2")].slice(0, 1));
  expect(view.element.children[0]).toBe(part);
});

test("clearing is at once, or when something new is shown", () => {
  const view = new ShownView();
  view.show(plain("a", "1"), false);
  view.clear(true);
  expect(texts(view)).toEqual(["1"]);
  view.show(plain("b", "2"), false);
  expect(texts(view)).toEqual(["2"]);
  view.clear(false);
  expect(texts(view)).toEqual([]);
});

test("of very many the last are on the page", () => {
  const view = new ShownView();
  for (let i = 0; i < 300; i++) view.show(plain(`d${i}`, String(i)), false);
  expect(texts(view)).toHaveLength(200);
  expect(texts(view).at(-1)).toBe("299");
});

test("text of a kernel cell's data stays text; HTML it asked for is in a shadow of its own", () => {
  const view = new ShownView();
  view.settle([
    plain("a", "<b>text</b>"),
    { display: "b", bundle: { "text/html": "<b>bold</b>", "text/plain": "bold" } },
    { display: "c", bundle: { "image/png": Uint8Array.of(1), "text/plain": "a picture" } },
  ]);
  const [text, html, picture] = view.element.children;
  expect(text!.querySelector("pre")?.textContent).toBe("<b>text</b>");
  expect(html!.querySelector(".rich")?.shadowRoot?.querySelector("b")?.textContent).toBe("bold");
  expect(picture!.querySelector("img")?.getAttribute("alt")).toBe("a picture");
});
