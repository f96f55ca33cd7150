import * as Plot from "@observablehq/plot";
import { extent, steadyText, valueText } from "../../charts/index.ts";
import { element, setAttributes, svgElement } from "../element.ts";
import { addActions } from "./chart-actions.ts";
import type { ChartTable } from "./chart-table.ts";
import { foundText } from "./found-text.ts";
import { type Lines, lines } from "./lines.ts";
import { onOrderCursor } from "./order-cursor.ts";
import { notInPicture } from "./picture.ts";
import { onWidthChange } from "./relayout.ts";

/** Eigenvalues or singular values, in any order; with a label where several are drawn together. */
export type SpectrumValues =
  | ArrayLike<number>
  | { readonly values: ArrayLike<number>; readonly label?: string };

/** How a spectrum is drawn. */
export interface SpectrumOptions {
  readonly title?: string;
  /** What a value is: by default `"eigenvalue"`. */
  readonly label?: string;
  /** At most so many values, the largest. */
  readonly count?: number;
  /** `"log"` draws magnitudes on a logarithmic axis; signs are then told by the reading. */
  readonly yType?: "linear" | "log";
  /** Width in pixels at most; by default 560. */
  readonly width?: number;
}

const usualWidth = 560;

/**
 * A spectrum: its values by rank, the largest magnitude first, as bars that stand up for positive and hang
 * down for negative ones. The arrow keys read rank, value and the share of Σ λ² that it and all before it
 * hold. Several spectra, as a list with labels, are lines over rank of their magnitudes.
 *
 * @throws {TypeError} when there are no values
 */
export function spectrum(
  values: SpectrumValues | readonly SpectrumValues[],
  options: SpectrumOptions = {},
): Lines {
  const several = Array.isArray(values) && values.some((one) => typeof one === "object");
  if (several) return spectra(values as readonly SpectrumValues[], options);
  const ranked = rankedOf(values as SpectrumValues, options.count);
  const most = options.width ?? usualWidth;
  const label = options.label ?? "eigenvalue";
  const readout = element("output", { class: "readout", "aria-live": "polite", ...notInPicture });
  const plane = element("div", {
    class: "spectrum-plane",
    tabindex: 0,
    role: "img",
    "aria-label": `Spectrum of ${ranked.length} values of ${label}. Arrow keys read them by rank`,
  });
  const chart: Lines = Object.assign(
    element(
      "figure",
      { class: "spectrum", style: `max-width:${most}px` },
      options.title !== undefined && element("figcaption", {}, options.title),
      readout,
      plane,
    ),
    { value: undefined },
  );
  const shares = sharesOf(ranked, values as SpectrumValues);
  let scaleX: Plot.Scale | undefined;
  let range: readonly number[] = [0, 0];
  let cursor: number | undefined;
  const overlay = svgElement("g", { class: "cursor", ...notInPicture });
  const point = () => {
    const across = cursor === undefined ? Number.NaN : Number(scaleX?.apply(cursor + 1));
    const [bottom = 0, top = 0] = range;
    overlay.replaceChildren(
      ...(Number.isFinite(across)
        ? [svgElement("line", { x1: across, x2: across, y1: top, y2: bottom })]
        : []),
    );
    readout.textContent =
      cursor === undefined
        ? ""
        : `rank ${cursor + 1}   ${label} ${steadyText(ranked[cursor]!)}   first ${cursor + 1} hold ${(100 * shares[cursor]!).toFixed(1)} % of Σ λ²`;
  };
  onWidthChange(chart, most, (width) => {
    const plot = plotSpectrum(ranked, options, label, Math.min(width, most));
    scaleX = plot.scale("x");
    range = Array.from(plot.scale("y")?.range ?? [0, 0], Number);
    plot.append(overlay);
    setAttributes(plot, { "aria-hidden": "true" });
    plane.replaceChildren(plot);
    point();
  });
  onOrderCursor(plane, {
    count: ranked.length,
    place: () => cursor,
    move: (to) => {
      cursor = to;
      point();
    },
    nearest: (x) => {
      const rank = Math.round(Number(scaleX?.invert?.(x)));
      return rank >= 1 && rank <= ranked.length ? rank - 1 : undefined;
    },
    choose: () => {
      chart.value = cursor;
      chart.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  addActions(chart, options.title ?? `spectrum of ${label}`, () => tableOf(ranked, shares, label));
  return chart;
}

/** The values, the largest magnitude first. */
function rankedOf(given: SpectrumValues, count = Number.POSITIVE_INFINITY): number[] {
  const values = valuesOf(given);
  return values.sort((a, b) => Math.abs(b) - Math.abs(a)).slice(0, count);
}

function valuesOf(given: SpectrumValues): number[] {
  const isList = typeof (given as ArrayLike<number> | undefined)?.length === "number";
  const values = isList ? given : (given as { readonly values?: ArrayLike<number> })?.values;
  if (typeof (values as ArrayLike<number> | undefined)?.length !== "number") {
    throw new TypeError(
      `Cannot draw a spectrum: expected numbers or {values: numbers}, found ${foundText(given)}`,
    );
  }
  const found = Array.from(values as ArrayLike<number>);
  if (found.length === 0) {
    throw new TypeError("Cannot draw a spectrum: expected at least one value, found none");
  }
  return found;
}

/** Σ of the squares of the first k over Σ of all squares, for each k. */
function sharesOf(ranked: readonly number[], given: SpectrumValues): number[] {
  const whole = valuesOf(given).reduce((sum, value) => sum + value * value, 0) || 1;
  let sum = 0;
  return ranked.map((value) => {
    sum += value * value;
    return sum / whole;
  });
}

function plotSpectrum(
  ranked: readonly number[],
  { yType = "linear" }: SpectrumOptions,
  label: string,
  width: number,
): SVGSVGElement & Plot.Plot {
  const isLog = yType === "log";
  const heights = isLog ? ranked.map(Math.abs) : ranked;
  const [low, high] = extent(isLog ? heights.filter((value) => value > 0) : heights);
  const inset = Math.min(0.45, Math.max(0.02, 0.35 - 0.002 * ranked.length));
  return Plot.plot({
    width,
    height: Math.round(Math.min(260, Math.max(180, width * 0.42))),
    marginLeft: 52,
    marginRight: 12,
    marginTop: 18,
    marginBottom: 38,
    className: "simile-plot",
    x: {
      domain: [0.4, ranked.length + 0.6],
      label: "rank",
      labelAnchor: "center",
      labelArrow: "none",
      ticks: Math.min(10, ranked.length),
      tickFormat: (rank: number) => (Number.isInteger(rank) && rank > 0 ? String(rank) : ""),
    },
    y: {
      type: yType,
      domain: isLog ? [low / 1.5, high * 1.2] : [Math.min(0, low), Math.max(0, high)],
      label: isLog ? `magnitude of ${label}` : label,
      labelArrow: "none",
      ticks: 5,
      grid: true,
      tickFormat: valueText,
    },
    marks: [
      Plot.rect(ranked.keys(), {
        x1: (i: number) => i + 0.5 + inset,
        x2: (i: number) => i + 1.5 - inset,
        y1: isLog ? low / 1.5 : 0,
        y2: (i: number) => heights[i],
        fill: (i: number) => (ranked[i]! < 0 ? "var(--chart-2)" : "var(--chart-1)"),
      }),
      ...(isLog ? [] : [Plot.ruleY([0], { stroke: "currentColor", strokeOpacity: 0.5 })]),
    ],
  }) as SVGSVGElement & Plot.Plot;
}

function spectra(values: readonly SpectrumValues[], options: SpectrumOptions): Lines {
  const series = values.map((one, i) => ({
    label: (one as { readonly label?: string }).label ?? `spectrum ${i + 1}`,
    y: rankedOf(one, options.count).map(Math.abs),
  }));
  const { title, yType, width = usualWidth, label = "eigenvalue" } = options;
  return lines(
    series.map(({ label, y }) => ({ label, y, x: y.map((_, i) => i + 1) })),
    {
      xLabel: "rank",
      xType: "linear",
      yLabel: `magnitude of ${label}`,
      width,
      link: false,
      ...(title !== undefined && { title }),
      ...(yType && { yType }),
    },
  );
}

function tableOf(ranked: readonly number[], shares: readonly number[], label: string): ChartTable {
  return {
    caption: `Spectrum of ${label}`,
    columns: ["rank", label, "share of Σ λ² up to here"],
    count: ranked.length,
    row: (i) => [String(i + 1), ranked[i]!, shares[i]!],
  };
}
