import type { Scale } from "@observablehq/plot";
import { element, setAttributes, svgElement } from "../element.ts";
import { dashes, type PlotOptions, plotLines } from "./lines-plot.ts";
import { steadyText } from "./number.ts";
import { onWidthChange } from "./relayout.ts";
import { type Line, linesOf, nearest, type Series } from "./series.ts";
import { longStepText } from "./step.ts";

/** How lines are drawn. */
export interface LinesOptions extends PlotOptions {
  /** Places of the points of every series that has none of its own: training steps. */
  readonly x?: ArrayLike<number>;
  readonly title?: string;
  /** Width in pixels at most; by default 760. */
  readonly width?: number;
}

const usualWidth = 760;

/**
 * Lines over training steps. The key above them is also their reading: at the pointer, or at the cursor
 * moved with the arrow keys, it gives the value of each line, from the numbers themselves.
 *
 * @throws {TypeError} when a series is none, or has not as many x as y
 */
export function lines(series: readonly Series[], options: LinesOptions = {}): HTMLElement {
  const drawn = linesOf(Array.isArray(series) ? series : [series as unknown as Series], options.x);
  const most = options.width ?? usualWidth;
  const keys = drawn.map(keyOf);
  const place = element("span", { class: "lines-place" });
  const name = options.yLabel ?? "value";
  const plane = element("div", {
    class: "lines-plane",
    tabindex: 0,
    role: "img",
    "aria-label": `Lines of ${name}: ${drawn.map(({ label }) => label).join(", ")}. Arrow keys read them`,
  });
  const chart = element(
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
  );

  const places = [...new Set(drawn.flatMap(({ x }) => Array.from(x)))].sort((a, b) => a - b);
  let cursor: number | undefined;
  let scales: { x: Scale | undefined; y: Scale | undefined } = {
    x: undefined,
    y: undefined,
  };
  const overlay = svgElement("g", { class: "cursor" });
  const point = () => {
    const at = cursor === undefined ? undefined : places[cursor];
    place.textContent = at === undefined ? "" : `${options.xLabel ?? "at"} ${longStepText(at)}`;
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
    const across = at === undefined ? Number.NaN : Number(scales.x?.apply(at));
    const [bottom, top] = scales.y?.range ?? [0, 0];
    const rule =
      Number.isFinite(across) &&
      svgElement("line", { x1: across, x2: across, y1: top, y2: bottom });
    overlay.replaceChildren(
      ...[rule, ...dots].filter((part) => part !== undefined && part !== false),
    );
  };
  onWidthChange(chart, most, (width) => {
    const plot = plotLines(drawn, options, Math.min(width, most));
    scales = { x: plot.scale("x"), y: plot.scale("y") };
    plot.append(overlay);
    setAttributes(plot, { "aria-hidden": "true" });
    plane.replaceChildren(plot);
    point();
  });

  const move = (index: number | undefined) => {
    cursor = index === undefined ? undefined : Math.min(places.length - 1, Math.max(0, index));
    point();
  };
  plane.addEventListener("pointermove", (event) => {
    const across = event.clientX - plane.getBoundingClientRect().left;
    // Nearest on the screen, not in steps: on a log axis these differ.
    move(
      nearest(
        places.map((step) => Number(scales.x?.apply(step))),
        across,
      ),
    );
  });
  plane.addEventListener("pointerleave", () => move(undefined));
  plane.addEventListener("blur", () => move(undefined));
  plane.addEventListener("focus", () => {
    if (plane.matches(":focus-visible")) move(cursor ?? 0);
  });
  plane.addEventListener("keydown", (event) => {
    const stride = event.shiftKey ? 10 : 1;
    const moves: Readonly<Record<string, number | undefined>> = {
      ArrowLeft: (cursor ?? 0) - stride,
      ArrowRight: (cursor ?? -1) + stride,
      Home: 0,
      End: places.length - 1,
      Escape: undefined,
    };
    if (!(event.key in moves) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move(moves[event.key]);
  });
  return chart;
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
  const value = element("span", { class: "lines-value" });
  return { root: element("span", { class: "lines-name" }, sample, label, value), value };
}
