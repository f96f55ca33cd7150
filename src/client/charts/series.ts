import { foundText } from "./found-text.ts";

/** One line of a chart. */
export interface Series {
  readonly label: string;
  readonly y: ArrayLike<number>;
  /** Where its points lie; by default the chart's `x`, else 0, 1, 2, … */
  readonly x?: ArrayLike<number>;
  readonly dashed?: boolean;
}

/** A line as it is drawn: numbers only, every point with its place. */
export interface Line {
  readonly label: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly dashed: boolean;
  /** Colour of the theme. */
  readonly stroke: string;
}

const colours = 7;

/** Colour of the theme for the series or group `index`. */
export function strokeOf(index: number): string {
  return `var(--chart-${(index % colours) + 1})`;
}

/**
 * The lines of a chart.
 *
 * @throws {TypeError} when a series is none, or has not as many x as y
 */
export function linesOf(series: readonly Series[], x?: ArrayLike<number>): Line[] {
  return series.map((one, i) => {
    if (typeof one?.y?.length !== "number") {
      throw new TypeError(
        `Cannot draw line ${i + 1}: expected {label, y: numbers}, found ${foundText(one)}`,
      );
    }
    const { label = `line ${i + 1}`, y, dashed = false } = one;
    const places = one.x ?? x ?? Array.from(y, (_, index) => index);
    if (places.length !== y.length) {
      throw new TypeError(
        `Cannot draw line "${label}": expected ${y.length} x for ${y.length} y, found ${places.length}`,
      );
    }
    return { label, x: places, y, dashed, stroke: strokeOf(i) };
  });
}

/**
 * Indices of the points worth drawing: all when there are few, else the first, lowest, highest and last
 * of each of `columns` equal parts, which draw the same picture.
 */
export function decimated(y: ArrayLike<number>, columns: number): number[] {
  if (y.length <= 4 * columns) return Array.from(y, (_, index) => index);
  const chosen: number[] = [];
  for (let column = 0; column < columns; column++) {
    const start = Math.floor((column * y.length) / columns);
    const end = Math.floor(((column + 1) * y.length) / columns);
    let low = start;
    let high = start;
    for (let i = start; i < end; i++) {
      if (y[i]! < y[low]! || Number.isNaN(y[low])) low = i;
      if (y[i]! > y[high]! || Number.isNaN(y[high])) high = i;
    }
    chosen.push(...[...new Set([start, low, high, end - 1])].sort((a, b) => a - b));
  }
  return chosen;
}

/** Index of the point of ascending or unordered `x` nearest to `place`; −1 when there is none. */
export function nearest(x: ArrayLike<number>, place: number): number {
  let best = -1;
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i])) continue;
    if (best < 0 || Math.abs(x[i]! - place) < Math.abs(x[best]! - place)) best = i;
  }
  return best;
}
