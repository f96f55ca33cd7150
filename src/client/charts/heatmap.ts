import { element, setAttributes, svgElement } from "../element.ts";
import { axes, type Frame } from "./axes.ts";
import { legend } from "./legend.ts";
import {
  countUndefined,
  type MatrixPlace,
  type MatrixValues,
  pixelsOf,
  sizeOfMatrix,
} from "./matrix.ts";
import {
  type AxisOptions,
  frameOf,
  type MatrixNames,
  namesOf,
  placeText,
  ticksOf,
} from "./matrix-axes.ts";
import { onMatrixCursor } from "./matrix-cursor.ts";
import { cursorLines, marks } from "./matrix-marks.ts";
import { steadyText } from "./number.ts";
import { onWidthChange } from "./relayout.ts";
import { colourScale, type ScaleOptions } from "./scale.ts";
import { isDark, onThemeChange } from "./theme.ts";

/** How a heatmap is drawn. */
export interface HeatmapOptions extends ScaleOptions, AxisOptions {
  /** What an entry is, for the legend and the reading: `"tensor similarity"`. */
  readonly label?: string;
  readonly title?: string;
  /** Width in pixels at most; by default 560. It never exceeds the room there is. */
  readonly width?: number;
  /** Steps at which a line crosses the matrix, both ways. */
  readonly mark?: number | readonly number[];
}

/** An entry under the cursor. */
export interface HeatmapEntry extends MatrixPlace {
  readonly value: number;
}

/** A chart whose `value` is the entry last clicked, or entered by keyboard. */
export type Heatmap = HTMLElement & { value: HeatmapEntry | undefined };

const usualWidth = 560;

/**
 * A matrix as a picture: one pixel of a raster per entry, row 0 on top, however many there are. Axes are
 * spaced by checkpoint and labelled by training step. The entry under the pointer, or under the cursor
 * moved with the arrow keys, is read out from the numbers themselves. What is not a number is hatched.
 *
 * As the argument of `view`, its value is the entry chosen by a click or by Enter.
 *
 * @param matrix {shape: [rows, columns], data} with `steps`, `labels` and `metric` where it has them
 * @throws {TypeError} when it is no matrix
 */
export function heatmap(matrix: MatrixValues, options: HeatmapOptions = {}): Heatmap {
  const size = sizeOfMatrix(matrix);
  const names = namesOf(matrix, size, options);
  const label = options.label ?? matrix.metric ?? "value";
  const canvas = element("canvas", { width: size.columns, height: size.rows });
  const plane = element("div", {
    class: "heatmap-plane",
    tabindex: 0,
    role: "img",
    "aria-label": `Heatmap of ${label}, ${size.rows} by ${size.columns}. Arrow keys read its entries`,
  });
  const readout = element("output", { class: "readout", "aria-live": "polite" });
  const key = element("div");
  const chart = Object.assign(
    element(
      "figure",
      { class: "heatmap", style: `max-width:${options.width ?? usualWidth}px` },
      options.title !== undefined && element("figcaption", {}, options.title),
      key,
      plane,
      readout,
    ),
    { value: undefined as HeatmapEntry | undefined },
  );

  const hasUndefined = countUndefined(matrix.data) > 0;
  const paint = () => {
    const scale = colourScale(matrix.data, options, isDark());
    key.replaceChildren(legend(scale, label, hasUndefined));
    const context = canvas.getContext("2d");
    const image = context?.createImageData(size.columns, size.rows);
    image?.data.set(pixelsOf(matrix.data, scale.colour));
    if (image) context?.putImageData(image, 0, 0);
  };
  paint();
  onThemeChange(chart, paint);

  let frame: Frame = { left: 0, top: 0, width: 1, height: 1 };
  let cursor: MatrixPlace | undefined;
  const cross = svgElement("g", { class: "cursor" });
  const point = () => {
    cross.replaceChildren(...(cursor ? cursorLines(frame, size, cursor) : []));
    readout.textContent = cursor ? entryText(matrix, cursor, names, label) : "";
  };
  onWidthChange(chart, options.width ?? usualWidth, (width) => {
    frame = frameOf(Math.min(width, options.width ?? usualWidth), size, names);
    const ticks = {
      x: ticksOf(names.x, frame.width, "across"),
      y: ticksOf(names.y, frame.height, "down"),
    };
    const picture = axes(frame, ticks.x, ticks.y, names.labels);
    picture.append(marks(frame, names, options.mark), cross);
    const { left, top, width: across, height: down } = frame;
    const isEnlarged = across >= size.columns;
    setAttributes(canvas, {
      style: `left:${left}px;top:${top}px;width:${across}px;height:${down}px`,
      class: isEnlarged ? "is-enlarged" : undefined,
    });
    plane.style.height = `${top + down + (names.labels.x ? 38 : 22)}px`;
    plane.replaceChildren(canvas, picture);
    point();
  });

  const move = (to: MatrixPlace | undefined) => {
    cursor = to;
    point();
  };
  onMatrixCursor(plane, canvas, size, {
    place: () => cursor,
    move,
    choose: () => {
      if (!cursor) return;
      chart.value = { ...cursor, value: matrix.data[cursor.row * size.columns + cursor.column]! };
      chart.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  return chart;
}

/** The entry in words: what the numbers say, not what the picture shows. */
function entryText(
  { data }: MatrixValues,
  { row, column }: MatrixPlace,
  { x, y }: MatrixNames,
  label: string,
): string {
  const value = steadyText(data[row * x.count + column]!);
  const kind = x.steps && y.steps ? "step " : "";
  return `${kind}${placeText(y, row)} × ${placeText(x, column)}   ${label} ${value}`;
}
