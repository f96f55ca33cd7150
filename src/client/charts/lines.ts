import type { Scale } from "@observablehq/plot";
import { longStepText, steadyText } from "../../charts/index.ts";
import { element, setAttributes, svgElement } from "../element.ts";
import { addActions } from "./chart-actions.ts";
import type { ChartTable } from "./chart-table.ts";
import { dashes, type PlotOptions, plotLines } from "./lines-plot.ts";
import { axisOf, link, looksAt } from "./linked.ts";
import { onOrderCursor } from "./order-cursor.ts";
import { notInPicture } from "./picture.ts";
import { onWidthChange } from "./relayout.ts";
import { type Line, linesOf, nearest, type Series } from "./series.ts";

/** How lines are drawn. */
export interface LinesOptions extends PlotOptions {
  /** Places of the points of every series that has none of its own: training steps. */
  readonly x?: ArrayLike<number>;
  /** Names of the places, where these are no steps. */
  readonly labels?: readonly string[];
  readonly title?: string;
  /** Width in pixels at most; by default 760. */
  readonly width?: number;
  /** Charts of the same `x` mark what is under the cursor of one; a name links others, false none. */
  readonly link?: string | false;
}

/** A chart whose `value` is the place last clicked, or entered by keyboard. */
export type Lines = HTMLElement & { value: number | undefined };

const usualWidth = 760;

/**
 * Lines over training steps. The key above them is also their reading: at the pointer, or at the cursor
 * moved with the arrow keys, it gives the value of each line, from the numbers themselves. What is looked
 * at is marked in other charts of the same steps.
 *
 * @throws {TypeError} when a series is none, or has not as many x as y
 */
export function lines(series: readonly Series[], options: LinesOptions = {}): Lines {
  const drawn = linesOf(Array.isArray(series) ? series : [series as unknown as Series], options.x);
  const most = options.width ?? usualWidth;
  const keys = drawn.map(keyOf);
  const place = element("span", { class: "lines-place", ...notInPicture });
  const name = options.yLabel ?? "value";
  const plane = element("div", {
    class: "lines-plane",
    tabindex: 0,
    role: "img",
    "aria-label": `Lines of ${name}: ${drawn.map(({ label }) => label).join(", ")}. Arrow keys read them`,
  });
  const chart: Lines = Object.assign(
    element(
      "figure",
      { class: "lines", style: `max-width:${most}px` },
      options.title !== undefined && element("figcaption", {}, options.title),
      element(
        "div",
        { class: "lines-key", "aria-live": "polite" },
        ...keys.map((key) => key.root),
        place,
      ),
      plane,
    ),
    { value: undefined },
  );

  const places = [...new Set(drawn.flatMap(({ x }) => Array.from(x)))].sort((a, b) => a - b);
  let cursor: number | undefined;
  /** Places looked at in other charts. */
  let looked: readonly number[] = [];
  const nameOf = (at: number) =>
    options.labels?.[Array.from(options.x ?? []).indexOf(at)] ?? longStepText(at);
  let scales: { x: Scale | undefined; y: Scale | undefined } = {
    x: undefined,
    y: undefined,
  };
  const overlay = svgElement("g", { class: "cursor", ...notInPicture });
  const point = () => {
    const at = cursor === undefined ? looked[0] : places[cursor];
    place.textContent = at === undefined ? "" : `${options.xLabel ?? "at"} ${nameOf(at)}`;
    const dots = drawn.map(({ x, y, stroke }, i) => {
      const index = at === undefined ? -1 : nearest(x, at);
      const value = x[index] === at ? y[index] : undefined;
      keys[i]!.value.textContent = value === undefined ? "" : steadyText(value, 4);
      const height = value === undefined ? Number.NaN : Number(scales.y?.apply(value));
      return Number.isFinite(height)
        ? svgElement("circle", {
            cx: Number(scales.x?.apply(at)),
            cy: height,
            r: 3.5,
            fill: stroke,
          })
        : undefined;
    });
    const [bottom, top] = scales.y?.range ?? [0, 0];
    const rules = (cursor === undefined ? looked : [at!])
      .map((step) => Number(scales.x?.apply(step)))
      .filter(Number.isFinite)
      .map((across) => svgElement("line", { x1: across, x2: across, y1: top, y2: bottom }));
    overlay.replaceChildren(...rules, ...dots.filter((dot) => dot !== undefined));
  };
  onWidthChange(chart, most, (width) => {
    const plot = plotLines(drawn, options, Math.min(width, most));
    scales = { x: plot.scale("x"), y: plot.scale("y") };
    plot.append(overlay);
    setAttributes(plot, { "aria-hidden": "true" });
    plane.replaceChildren(plot);
    point();
  });

  const axis = axisOf(
    options.labels ? { labels: options.labels } : { steps: options.x },
    options.link,
  );
  const look = link(chart, (looks) => {
    const found = looks.filter((one) => one.axis === axis);
    looked = found.map(({ place }) => options.x?.[place]).filter((at) => at !== undefined);
    point();
  });
  onOrderCursor(plane, {
    count: places.length,
    place: () => cursor,
    move: (to) => {
      cursor = to;
      looked = [];
      point();
      const at = to === undefined ? undefined : places[to];
      const place = at === undefined ? -1 : Array.from(options.x ?? []).indexOf(at);
      look(place < 0 ? undefined : looksAt(axis, place));
    },
    // Nearest on the screen, not in steps: on a log axis these differ.
    nearest: (across) =>
      nearest(
        places.map((step) => Number(scales.x?.apply(step))),
        across,
      ),
    choose: () => {
      if (cursor === undefined) return;
      chart.value = places[cursor];
      chart.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  addActions(chart, options.title ?? name, () => tableOf(drawn, places, options.xLabel ?? "x"));
  return chart;
}

/** The lines in columns, by place; a line without a point there has no entry. */
function tableOf(drawn: readonly Line[], places: readonly number[], xLabel: string): ChartTable {
  const found = drawn.map(({ x, y }) => new Map(Array.from(x, (at, i) => [at, y[i]!])));
  return {
    caption: drawn.map(({ label }) => label).join(", "),
    columns: [xLabel, ...drawn.map(({ label }) => label)],
    count: places.length,
    row: (i) => [String(places[i]), ...found.map((values) => values.get(places[i]!) ?? Number.NaN)],
  };
}

function keyOf({ label, stroke, dashed }: Line) {
  const sample = svgElement(
    "svg",
    { width: 22, height: 8, "aria-hidden": "true" },
    svgElement("line", {
      x1: 0,
      x2: 22,
      y1: 4,
      y2: 4,
      stroke,
      "stroke-dasharray": dashed ? dashes : undefined,
      "stroke-width": 2,
    }),
  );
  const value = element("span", { class: "lines-value", ...notInPicture });
  return { root: element("span", { class: "lines-name" }, sample, label, value), value };
}
