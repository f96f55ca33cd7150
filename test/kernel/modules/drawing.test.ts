import { expect, test } from "vitest";
import { drawingSource, drawingUrl } from "../../../kernel/modules/drawing.ts";
import { withPlace } from "../../../kernel/modules/place.ts";

const plot = "file:///m/plot.js";

test("a package that draws is found where it is given a document, and the way back is known", () => {
  for (const url of [plot, `${plot}?v=1`]) {
    const found = drawingUrl("@observablehq/plot", url);
    expect(found).not.toBe(url);
    const source = drawingSource(found, "file:///adapter.js")!;
    expect(source).toContain(`import * as original from ${JSON.stringify(url)};`);
    expect(source).toContain(`export * from ${JSON.stringify(url)};`);
    expect(source).toContain('import { drawIn } from "file:///adapter.js";');
    expect(source).toContain(
      'export const { plot, legend } = drawIn("@observablehq/plot", original);',
    );
  }
  expect(drawingSource(drawingUrl("d3", plot), "a")).toContain("export const { create } =");
});

test("others, and what is no file, are where they are", () => {
  expect(drawingUrl("d3-array", plot)).toBe(plot);
  expect(drawingUrl("d3", "data:text/javascript,1")).toBe("data:text/javascript,1");
  expect(drawingUrl("toString", plot)).toBe(plot);
  expect(drawingSource(plot, "a")).toBeUndefined();
});

test("an error at an offset begins with file, line and caret, however lines end", () => {
  const at = (text: string, offset: number) =>
    String(withPlace(new Error("E"), "file:///a.ts", text, offset).stack)
      .split("\n")
      .slice(0, 5);
  expect(at("one\r\n\ttwo\rthree", 7)).toEqual(["file:///a.ts:2", "\ttwo", "\t ^", "", "Error: E"]);
  expect(at("one\ntwo", 4)[2]).toBe("^");
  expect(at("one", -1).slice(0, 3)).toEqual(["file:///a.ts:1", "one", "^"]);
});
