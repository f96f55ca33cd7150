import { expect, test } from "vitest";
import { elementsIn, isElement } from "../../../kernel/rich/element.ts";

const element = { nodeType: 1, outerHTML: "<p></p>", localName: "p" };

test("an element of any document is one", () => {
  expect(isElement(element)).toBe(true);
});

test.for([
  null,
  undefined,
  "<p></p>",
  { ...element, nodeType: 3 },
  { ...element, outerHTML: undefined },
  { ...element, localName: undefined },
])("%j is none", (value) => {
  expect(isElement(value)).toBe(false);
});

test("texts among the children are left out", () => {
  const childNodes = { length: 2, 0: { nodeType: 3 }, 1: element };
  expect(elementsIn({ nodeType: 1, textContent: "", childNodes } as never)).toEqual([element]);
});
