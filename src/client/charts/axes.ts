import type { AxisTick, Frame } from "../../charts/index.ts";
import { svgElement } from "../element.ts";

/** Axes below and left of a picture, in the colour of the text around. */
export function axes(
  { left, top, width, height }: Frame,
  columns: readonly AxisTick[],
  rows: readonly AxisTick[],
  labels: { readonly x: string; readonly y: string },
): SVGSVGElement {
  const bottom = top + height;
  const across = columns.flatMap(({ at, text }) => [
    svgElement("line", { x1: left + at, x2: left + at, y1: bottom, y2: bottom + 4 }),
    svgElement("text", { x: left + at, y: bottom + 15, "text-anchor": "middle" }, text),
  ]);
  const down = rows.flatMap(({ at, text }) => [
    svgElement("line", { x1: left - 4, x2: left, y1: top + at, y2: top + at }),
    svgElement("text", { x: left - 7, y: top + at, dy: "0.32em", "text-anchor": "end" }, text),
  ]);
  const middle = top + height / 2;
  return svgElement(
    "svg",
    { class: "axes", "aria-hidden": "true" },
    ...across,
    ...down,
    labels.x &&
      svgElement(
        "text",
        { class: "axis-label", x: left + width / 2, y: bottom + 31, "text-anchor": "middle" },
        labels.x,
      ),
    labels.y &&
      svgElement(
        "text",
        {
          class: "axis-label",
          transform: `translate(10 ${middle}) rotate(-90)`,
          "text-anchor": "middle",
        },
        labels.y,
      ),
  );
}
