import {
  type AxisOptions,
  colourScale,
  entryName,
  type Frame,
  frameOf,
  type MatrixNames,
  type MatrixPlace,
  type MatrixSize,
  type MatrixValues,
  namesOf,
  type ScaleOptions,
  sizeOfMatrix,
  ticksOf,
} from "../../charts/index.ts";
import { element, setAttributes, svgElement } from "../element.ts";
import { axes } from "./axes.ts";
import { addActions } from "./chart-actions.ts";
import { legend } from "./legend.ts";
import { axisOf, type Look, link, looksAt } from "./linked.ts";
import { onMatrixCursor } from "./matrix-cursor.ts";
import { cursorLines, marks } from "./matrix-marks.ts";
import { entryText, tableOf } from "./matrix-reading.ts";
import { notInPicture } from "./picture.ts";
import { type MatrixStatistics, paintRaster, rasterOf } from "./raster.ts";
import { onWidthChange } from "./relayout.ts";
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
  /**
   * What is under the cursor is marked in all charts of the same checkpoints, known by their steps or
   * labels. A name links charts that do not share these; false links this one with none.
   */
  readonly link?: string | false;
}

/** An entry under the cursor. */
export interface HeatmapEntry extends MatrixPlace {
  readonly value: number;
}

/** A chart whose `value` is the entry last clicked, or entered by keyboard. */
export type Heatmap = HTMLElement & { value: HeatmapEntry | undefined };

const usualWidth = 560;

/**
 * A matrix as a picture: one pixel of a raster per entry, row 0 on top; beyond 1024 either way one per
 * block of entries, their mean, and the key says so. Axes are spaced by checkpoint and labelled by training
 * step. The entry under the pointer, or under the cursor moved with the arrow keys, is read out from the
 * numbers themselves, and marked in other charts of the same checkpoints. What is not a number is hatched.
 *
 * As the argument of `view`, its value is the entry chosen by a click or by Enter.
 *
 * @param matrix {shape: [rows, columns], data} with `steps`, `labels` and `metric` where it has them
 * @throws {TypeError} when it is no matrix
 */
export function heatmap(matrix: MatrixValues, options: HeatmapOptions = {}): Heatmap {
  const size = sizeOfMatrix(matrix);
  const names = namesOf(matrix, size, options);
  const label = options.label ?? entryName(matrix);
  const raster = rasterOf(size);
  const canvas = element("canvas", { width: raster.columns, height: raster.rows });
  const plane = element("div", {
    class: "heatmap-plane",
    tabindex: 0,
    role: "img",
    "aria-label": `Heatmap of ${label}, ${size.rows} by ${size.columns}. Arrow keys read its entries`,
  });
  const readout = element("output", { class: "readout", "aria-live": "polite", ...notInPicture });
  const key = element("div");
  const chart = Object.assign(
    element(
      "figure",
      { class: "heatmap", style: `max-width:${options.width ?? usualWidth}px` },
      options.title !== undefined && element("figcaption", {}, options.title),
      key,
      readout,
      plane,
    ),
    { value: undefined as HeatmapEntry | undefined },
  );

  const { block } = raster;
  const blocks = block > 1 ? `${label}, mean of ${block} × ${block} entries` : label;
  let paintings = 0;
  const paint = () => {
    const painting = ++paintings;
    const scaleOf = ({ extent, hasUndefined }: MatrixStatistics) => {
      const scale = colourScale(extent, options, isDark());
      key.replaceChildren(legend(scale, blocks, hasUndefined));
      return scale.colour;
    };
    paintRaster(canvas, matrix.data, size, raster, scaleOf, () => painting === paintings);
  };
  paint();
  onThemeChange(chart, paint);

  let frame: Frame = { left: 0, top: 0, width: 1, height: 1 };
  let cursor: MatrixPlace | undefined;
  const cross = svgElement("g", { class: "cursor", ...notInPicture });
  const point = () => {
    cross.replaceChildren(...(cursor ? cursorLines(frame, size, cursor) : []));
    readout.textContent = cursor ? entryText(matrix, cursor, names, label) : "";
  };
  const axis = { x: axisOf(named(names.x), options.link), y: axisOf(named(names.y), options.link) };
  const look = link(chart, (looks) => {
    cursor = placeOf(looks, axis, size);
    point();
  });
  onWidthChange(chart, options.width ?? usualWidth, (width) => {
    const ratio = globalThis.devicePixelRatio || 1;
    frame = frameOf(Math.min(width, options.width ?? usualWidth), size, names, ratio);
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
    look(to && [...looksAt(axis.y, to.row), ...looksAt(axis.x, to.column)]);
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
  addActions(chart, options.title ?? label, () => tableOf(matrix, size, names, label));
  return chart;
}

function named({ steps, texts }: MatrixNames["x"]) {
  return { steps, labels: texts };
}

/** The entry that is looked at in another chart: of a pair its own, of one checkpoint that on the diagonal. */
function placeOf(
  looks: readonly Look[],
  axis: Readonly<Record<"x" | "y", string | undefined>>,
  { rows, columns }: MatrixSize,
): MatrixPlace | undefined {
  const row = looks.find((one) => one.axis === axis.y)?.place;
  const column = looks.findLast((one) => one.axis === axis.x)?.place;
  if (row === undefined || column === undefined || row >= rows || column >= columns)
    return undefined;
  return { row, column };
}
