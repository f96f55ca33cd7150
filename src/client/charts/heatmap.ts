import { element, setAttributes, svgElement } from "../element.ts";
import { type AxisTick, axes, type Frame } from "./axes.ts";
import { legend } from "./legend.ts";
import {
  countUndefined,
  type MatrixSize,
  type MatrixValues,
  pixelsOf,
  sizeOfMatrix,
} from "./matrix.ts";
import { steadyText } from "./number.ts";
import { onWidthChange } from "./relayout.ts";
import { colourScale, type ScaleOptions } from "./scale.ts";
import { longStepText, stepText, stepTicks } from "./step.ts";
import { isDark, onThemeChange } from "./theme.ts";

/** How a heatmap is drawn. */
export interface HeatmapOptions extends ScaleOptions {
  /** What an entry is, for the legend and the reading: `"tensor similarity"`. */
  readonly label?: string;
  readonly title?: string;
  /** Training steps of the columns, and of the rows unless `y` is given; by default the matrix's own. */
  readonly x?: readonly number[];
  readonly y?: readonly number[];
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** Width in pixels at most; by default 560. It never exceeds the room there is. */
  readonly width?: number;
  /** Steps at which a line crosses the matrix, both ways. */
  readonly mark?: number | readonly number[];
}

/** An entry under the cursor. */
export interface HeatmapEntry {
  readonly row: number;
  readonly column: number;
  readonly value: number;
}

/** A chart whose `value` is the entry last clicked, or entered by keyboard. */
export type Heatmap = HTMLElement & { value: HeatmapEntry | undefined };

const usualWidth = 560;
const tickRoom = { across: 38, down: 18 };

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
  const names = namesOf(matrix, options);
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
  let cursor: { row: number; column: number } | undefined;
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

  const move = (row: number, column: number) => {
    cursor = {
      row: Math.min(size.rows - 1, Math.max(0, row)),
      column: Math.min(size.columns - 1, Math.max(0, column)),
    };
    point();
  };
  const choose = () => {
    if (!cursor) return;
    const { row, column } = cursor;
    chart.value = { row, column, value: matrix.data[row * size.columns + column]! };
    chart.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const leave = () => {
    cursor = undefined;
    point();
  };
  plane.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * size.columns);
    const row = Math.floor(((event.clientY - box.top) / box.height) * size.rows);
    if (row >= 0 && row < size.rows && column >= 0 && column < size.columns) move(row, column);
    else leave();
  });
  plane.addEventListener("pointerleave", leave);
  plane.addEventListener("blur", leave);
  plane.addEventListener("focus", () => {
    // A press focuses too, and has moved the cursor already.
    if (plane.matches(":focus-visible")) move(cursor?.row ?? 0, cursor?.column ?? 0);
  });
  plane.addEventListener("click", choose);
  plane.addEventListener("keydown", (event) => {
    const stride = event.shiftKey ? 10 : 1;
    const { row, column } = cursor ?? { row: 0, column: 0 };
    const moves: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => move(row, column - stride),
      ArrowRight: () => move(row, column + stride),
      ArrowUp: () => move(row - stride, column),
      ArrowDown: () => move(row + stride, column),
      Home: () => move(row, 0),
      End: () => move(row, size.columns - 1),
      Enter: choose,
      Escape: leave,
    };
    const act = moves[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
  return chart;
}

/** What the places of an axis are called. */
interface AxisNames {
  readonly steps: readonly number[] | undefined;
  readonly texts: readonly string[] | undefined;
  readonly count: number;
}

interface Names {
  readonly x: AxisNames;
  readonly y: AxisNames;
  readonly labels: { readonly x: string; readonly y: string };
}

function namesOf(matrix: MatrixValues, options: HeatmapOptions): Names {
  const { rows, columns } = sizeOfMatrix(matrix);
  const x = axisNames(options.x ?? matrix.steps, matrix.labels, columns);
  const y = axisNames(options.y ?? options.x ?? matrix.steps, matrix.labels, rows);
  const usual = (names: AxisNames) => (names.steps ? "training step" : "");
  return { x, y, labels: { x: options.xLabel ?? usual(x), y: options.yLabel ?? usual(y) } };
}

function axisNames(
  steps: readonly number[] | undefined,
  labels: readonly string[] | undefined,
  count: number,
): AxisNames {
  return {
    steps: steps?.length === count ? steps : undefined,
    texts: labels?.length === count ? labels : undefined,
    count,
  };
}

/** How an entry's row or column is called in the reading. */
function placeText({ steps, texts }: AxisNames, index: number): string {
  return steps ? longStepText(steps[index]!) : (texts?.[index] ?? String(index));
}

/** The entry in words: what the numbers say, not what the picture shows. */
export function entryText(
  { data }: MatrixValues,
  { row, column }: { readonly row: number; readonly column: number },
  { x, y }: Pick<Names, "x" | "y">,
  label: string,
): string {
  const value = steadyText(data[row * x.count + column]!);
  const kind = x.steps && y.steps ? "step " : "";
  return `${kind}${placeText(y, row)} × ${placeText(x, column)}   ${label} ${value}`;
}

function ticksOf(names: AxisNames, length: number, direction: "across" | "down"): AxisTick[] {
  const room = tickRoom[direction];
  const perPlace = length / names.count;
  const at = (index: number) => (index + 0.5) * perPlace;
  const { steps, texts, count } = names;
  if (!steps && texts) {
    const every = Math.ceil((direction === "across" ? 56 : room) / perPlace);
    return texts.map((text, index) => ({ at: at(index), text })).filter((_, i) => i % every === 0);
  }
  const places = steps ?? Array.from({ length: count }, (_, index) => index);
  return stepTicks(places, length, room).map(({ index, step }) => ({
    at: at(index),
    text: stepText(step),
  }));
}

/** The largest picture whose entries are whole pixels of the screen, beside its axes. */
function frameOf(width: number, { rows, columns }: MatrixSize, names: Names): Frame {
  const longest = Math.max(...ticksOf(names.y, 400, "down").map(({ text }) => text.length), 1);
  const left = Math.min(160, Math.ceil(10 + 6.6 * longest)) + (names.labels.y ? 16 : 0);
  const room = Math.max(40, width - left - 12);
  const ratio = globalThis.devicePixelRatio || 1;
  const whole = Math.floor((room * ratio) / columns) / ratio;
  const perEntry = whole > 0 ? whole : room / columns;
  return { left, top: 6, width: perEntry * columns, height: perEntry * rows };
}

/** A line through each marked step, both ways where both axes have it. */
function marks(
  { left, top, width, height }: Frame,
  { x, y }: Names,
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
function cursorLines(
  { left, top, width, height }: Frame,
  { rows, columns }: MatrixSize,
  { row, column }: { readonly row: number; readonly column: number },
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
