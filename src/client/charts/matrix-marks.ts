import type { Frame, MatrixNames, MatrixPlace, MatrixSize } from "../../charts/index.ts";
import { svgElement } from "../element.ts";

/** A line through each marked step, both ways where both axes have it. */
export function marks(
  { left, top, width, height }: Frame,
  { x, y }: MatrixNames,
  mark: number | readonly number[] = [],
): SVGGElement {
  const group = svgElement("g", { class: "marks" });
  for (const step of [mark].flat() as number[]) {
    const column = (x.steps ?? []).indexOf(step);
    const row = (y.steps ?? []).indexOf(step);
    const at = {
      x: left + ((column + 0.5) * width) / x.count,
      y: top + ((row + 0.5) * height) / y.count,
    };
    if (column >= 0) {
      group.append(svgElement("line", { x1: at.x, x2: at.x, y1: top, y2: top + height }));
    }
    if (row >= 0)
      group.append(svgElement("line", { x1: left, x2: left + width, y1: at.y, y2: at.y }));
  }
  return group;
}

/** Two lines that leave the entry free, and a box around it. */
export function cursorLines(
  { left, top, width, height }: Frame,
  { rows, columns }: MatrixSize,
  { row, column }: MatrixPlace,
): SVGElement[] {
  const across = width / columns;
  const down = height / rows;
  const x = left + column * across;
  const y = top + row * down;
  const lines = [
    [left, y + down / 2, x, y + down / 2],
    [x + across, y + down / 2, left + width, y + down / 2],
    [x + across / 2, top, x + across / 2, y],
    [x + across / 2, y + down, x + across / 2, top + height],
  ] as const;
  return [
    ...lines.map(([x1, y1, x2, y2]) => svgElement("line", { x1, y1, x2, y2 })),
    svgElement("rect", { x, y, width: across, height: down }),
  ];
}
