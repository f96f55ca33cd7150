import * as Plot from "@observablehq/plot";
import { extent, stepText } from "../../charts/index.ts";
import { decimated, type Line } from "./series.ts";

/** Dashes and gaps of a dashed line. */
export const dashes = "5 4";

/** How the picture of lines is drawn. */
export interface PlotOptions {
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** `"log"` keeps 0 and is linear below 1. By default log when places reach over more than 200-fold and are not evenly spaced. */
  readonly xType?: "linear" | "log";
  /** `"log"` leaves out what is not positive. */
  readonly yType?: "linear" | "log";
  readonly yDomain?: readonly [low: number, high: number];
  /** Places at which an upright line stands. */
  readonly mark?: number | readonly number[];
  readonly height?: number;
}

/** The picture of lines, `width` pixels wide. */
export function plotLines(
  drawn: readonly Line[],
  options: PlotOptions,
  width: number,
): SVGSVGElement & Plot.Plot {
  const [low, high] = extent(drawn.flatMap(({ x }) => Array.from(x)));
  const smallest = low > 0 ? low : 1;
  const isWide = low >= 0 && high / smallest > 200 && !drawn.every(({ x }) => isEven(x));
  const isLog = options.xType ? options.xType === "log" : isWide;
  const isLogY = options.yType === "log";
  const values = drawn.flatMap(({ y }) => Array.from(y));
  const shown = extent(isLogY ? values.filter((value) => value > 0) : values);
  const yDomain = options.yDomain ?? (isLogY ? shown : usualDomain(shown));
  const marks = [options.mark ?? []].flat() as number[];
  return Plot.plot({
    width,
    height: options.height ?? Math.round(Math.min(300, Math.max(200, width * 0.42))),
    marginLeft: 48,
    marginRight: 16,
    marginTop: 14,
    marginBottom: 40,
    className: "simile-plot",
    x: {
      type: isLog ? (low > 0 ? "log" : "symlog") : "linear",
      label: options.xLabel ?? null,
      labelAnchor: "center",
      labelArrow: "none",
      tickFormat: stepText,
      ...(isLog ? { ticks: decades(low, high) } : {}),
    },
    y: {
      type: options.yType ?? "linear",
      domain: [...yDomain],
      label: options.yLabel ?? null,
      labelArrow: "none",
      ticks: 5,
      grid: true,
      ...(isLogY ? { tickFormat: "~g" } : {}),
      insetTop: 4,
    },
    marks: [
      Plot.ruleX(marks, { stroke: "currentColor", strokeOpacity: 0.35 }),
      ...drawn.map(({ x, y, stroke, dashed }) =>
        Plot.lineY(decimated(y, width), {
          x: (index: number) => x[index],
          y: (index: number) => (isLogY && y[index]! <= 0 ? Number.NaN : y[index]),
          stroke,
          strokeWidth: 2,
          ...(dashed ? { strokeDasharray: dashes } : {}),
        }),
      ),
    ],
  }) as SVGSVGElement & Plot.Plot;
}

/** Whether places follow each other at one distance: on a log axis most of them would be at one end. */
function isEven(x: ArrayLike<number>): boolean {
  const gap = (x[x.length - 1]! - x[0]!) / (x.length - 1);
  return Array.from(x).every((at, i) => Math.abs(at - (x[0]! + i * gap)) <= Math.abs(gap) * 1e-6);
}

/** Shares and cosines get the whole of [0, 1]; others their extent. */
function usualDomain([low, high]: readonly [number, number]): readonly [number, number] {
  if (low >= 0 && high <= 1 && high > 0.5) return [0, 1];
  return low === high ? [low - 1, high + 1] : [low, high];
}

/** 0 and the powers of ten that lie in a domain. */
function decades(low: number, high: number): number[] {
  const powers = Array.from({ length: 31 }, (_, k) => 10 ** (k - 15));
  const least = low > 0 ? low : 1;
  return [...(low <= 0 ? [0] : []), ...powers.filter((power) => power >= least && power <= high)];
}
