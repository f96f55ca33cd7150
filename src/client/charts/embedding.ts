import type { Scale } from "@observablehq/plot";
import { longStepText, steadyText } from "../../charts/index.ts";
import { element, setAttributes, svgElement } from "../element.ts";
import { addActions } from "./chart-actions.ts";
import type { ChartTable } from "./chart-table.ts";
import { plotPoints } from "./embedding-plot.ts";
import { groupKey } from "./group-key.ts";
import { axisOf, link, looksAt } from "./linked.ts";
import { onOrderCursor } from "./order-cursor.ts";
import { notInPicture } from "./picture.ts";
import { type Points, type PointValues, pointsOf } from "./points.ts";
import { onWidthChange } from "./relayout.ts";
import { isDark, onThemeChange } from "./theme.ts";

/** How checkpoints in the plane are drawn. */
export interface EmbeddingOptions {
  readonly title?: string;
  /** What a point is called that has neither step nor label: `"checkpoint"`. */
  readonly label?: string;
  /** Which run each point belongs to; the points of a run are joined in their order. */
  readonly groups?: readonly string[];
  /** Width in pixels at most; by default 560. */
  readonly width?: number;
  /** As of a heatmap: a name links charts that share neither steps nor labels, false none. */
  readonly link?: string | false;
}

/** A chart whose `value` is the place of the point last clicked, or entered by keyboard. */
export type Embedding = HTMLElement & { value: number | undefined };

const usualWidth = 560;

/** Pixels from the pointer within which a point is meant. */
const reach = 40;

/**
 * Checkpoints as points in the plane, joined in the order of training, early ones pale and late ones dark
 * (on a dark page bright): points that lie close are alike. Both axes have one scale, for distances are
 * what it shows. The arrow keys go from checkpoint to checkpoint and read them; what is looked at is
 * marked in other charts of the same checkpoints.
 *
 * @param points coordinates [n, 2 or more], e.g. of `classicalScaling`; the first two are drawn
 * @throws {TypeError} when they are none
 */
export function embedding(points: PointValues, options: EmbeddingOptions = {}): Embedding {
  const drawn = pointsOf(points, options.groups);
  const most = options.width ?? usualWidth;
  const count = drawn.x.length;
  const readout = element("output", { class: "readout", "aria-live": "polite", ...notInPicture });
  const plane = element("div", {
    class: "embedding-plane",
    tabindex: 0,
    role: "img",
    "aria-label": `${count} checkpoints in the plane. Arrow keys read them in their order`,
  });
  const chart: Embedding = Object.assign(
    element(
      "figure",
      { class: "embedding", style: `max-width:${most}px` },
      options.title !== undefined && element("figcaption", {}, options.title),
      groupKey(drawn.groups),
      readout,
      plane,
    ),
    { value: undefined },
  );
  let scales: { x?: Scale | undefined; y?: Scale | undefined } = {};
  let cursor: number | undefined;
  let looked: readonly number[] = [];
  const overlay = svgElement("g", { class: "cursor", ...notInPicture });
  const at = (place: number) => ({
    cx: Number(scales.x?.apply(drawn.x[place])),
    cy: Number(scales.y?.apply(drawn.y[place])),
  });
  const point = () => {
    const marked = cursor === undefined ? looked : [cursor];
    overlay.replaceChildren(
      ...marked.map((place) => svgElement("circle", { ...at(place), r: 7, class: "ring" })),
    );
    readout.textContent = marked.map((place) => pointText(drawn, place, options.label)).join("   ");
  };
  const axis = axisOf(drawn, options.link);
  const look = link(chart, (looks) => {
    const places = looks.filter((one) => one.axis === axis).map(({ place }) => place);
    looked = [...new Set(places)].filter((place) => place < count);
    point();
  });
  let width = most;
  const draw = () => {
    const plot = plotPoints(drawn, Math.min(width, most), isDark());
    scales = { x: plot.scale("x"), y: plot.scale("y") };
    plot.append(overlay);
    setAttributes(plot, { "aria-hidden": "true" });
    plane.replaceChildren(plot);
    point();
  };
  onWidthChange(chart, most, (now) => {
    width = now;
    draw();
  });
  onThemeChange(chart, draw);
  onOrderCursor(plane, {
    count,
    place: () => cursor,
    move: (to) => {
      cursor = to;
      looked = [];
      point();
      look(to === undefined ? undefined : looksAt(axis, to));
    },
    nearest: (x, y) => {
      let best: number | undefined;
      let least = reach;
      for (let place = 0; place < count; place++) {
        const { cx, cy } = at(place);
        const distance = Math.hypot(cx - x, cy - y);
        if (distance < least) [best, least] = [place, distance];
      }
      return best;
    },
    choose: () => {
      if (cursor === undefined) return;
      chart.value = cursor;
      chart.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  addActions(chart, options.title ?? "checkpoints in the plane", () =>
    tableOf(drawn, options.label),
  );
  return chart;
}

function nameOf({ steps, labels, group }: Points, place: number, label = "checkpoint"): string {
  const step = steps && `step ${longStepText(steps[place]!)}`;
  const name = step ?? labels?.[place] ?? `${label} ${place}`;
  return group ? `${group[place]}, ${name}` : name;
}

function pointText(points: Points, place: number, label?: string): string {
  const [x, y] = [points.x[place]!, points.y[place]!];
  return `${nameOf(points, place, label)}   ${steadyText(x, 4)}, ${steadyText(y, 4)}`;
}

function tableOf(points: Points, label?: string): ChartTable {
  return {
    caption: "Checkpoints in the plane",
    columns: ["checkpoint", ...points.axes],
    count: points.x.length,
    row: (i) => [nameOf(points, i, label), points.x[i]!, points.y[i]!],
  };
}
