import * as Plot from "@observablehq/plot";
import { type Colour, extent, sequentialMap, stepText, stepTicks } from "../../charts/index.ts";
import type { Points } from "./points.ts";
import { strokeOf } from "./series.ts";

const margin = { left: 46, right: 18, top: 18, bottom: 38 };

/** The picture of points in the plane, `width` pixels wide, with one scale for both axes. */
export function plotPoints(
  points: Points,
  width: number,
  isDark: boolean,
): SVGSVGElement & Plot.Plot {
  const { x, y, group, groups, axes } = points;
  const inner = width - margin.left - margin.right;
  const height = Math.round(Math.min(420, Math.max(220, 0.75 * width)));
  const domains = equalDomains(x, y, inner, height - margin.top - margin.bottom);
  const ink = inks(points, isDark);
  const places = Array.from(x.keys());
  const runs = group ? groups.map((name) => places.filter((i) => group[i] === name)) : [places];
  const at = { x: (i: number) => x[i], y: (i: number) => y[i] };
  return Plot.plot({
    width,
    height,
    marginLeft: margin.left,
    marginRight: margin.right,
    marginTop: margin.top,
    marginBottom: margin.bottom,
    className: "simile-plot",
    x: { domain: domains.x, label: axes[0], labelAnchor: "center", labelArrow: "none", ticks: 5 },
    y: { domain: domains.y, label: axes[1], labelArrow: "none", ticks: 5, grid: true },
    marks: [
      ...runs.map((run) =>
        Plot.line(run, { ...at, stroke: "currentColor", strokeWidth: 1, strokeOpacity: 0.35 }),
      ),
      Plot.dot(places, { ...at, r: 3.5, fill: ink, stroke: "var(--paper)", strokeWidth: 0.75 }),
      Plot.text(
        runs.flatMap((run) => named(points, run)),
        {
          ...at,
          text: (i: number) => textOf(points, i),
          dy: -10,
          fill: "var(--ink)",
          stroke: "var(--paper)",
          strokeWidth: 3,
        },
      ),
    ],
  }) as SVGSVGElement & Plot.Plot;
}

/** Colour of each point: its place in training, or its group. */
function inks({ x, group, groups }: Points, isDark: boolean): (i: number) => string {
  if (group) return (i) => strokeOf(groups.indexOf(group[i]!));
  const map = sequentialMap(isDark);
  // The first colours of the map are nearly the paper's.
  const first = 56;
  return (i) => rgb(map[Math.round(first + ((255 - first) * i) / Math.max(1, x.length - 1))]!);
}

function rgb([red, green, blue]: Colour): string {
  return `rgb(${red}, ${green}, ${blue})`;
}

/** The points of a run that bear their names: the first, the last, and some in between. */
function named({ steps }: Points, run: readonly number[]): number[] {
  if (run.length <= 8) return [...run];
  const own = steps ? run.map((i) => steps[i]!) : run;
  const ticks = stepTicks(own, 6, 1).filter(({ index }) => Number.isInteger(index));
  return [...new Set([run[0]!, ...ticks.map(({ index }) => run[index]!), run.at(-1)!])];
}

function textOf({ steps, labels }: Points, i: number): string {
  return steps ? stepText(steps[i]!) : (labels?.[i] ?? String(i));
}

/** Domains that hold all points with some room, of which a unit is as long across as it is up. */
function equalDomains(
  x: readonly number[],
  y: readonly number[],
  width: number,
  height: number,
): { readonly x: [number, number]; readonly y: [number, number] } {
  const [spanX, spanY] = [extent(x), extent(y)];
  const [across, up] = [spanX[1] - spanX[0], spanY[1] - spanY[0]];
  const unit = 1.1 * Math.max(across / width, up / height) || 1 / Math.min(width, height);
  const about = ([low, high]: readonly [number, number], length: number): [number, number] => {
    const middle = (low + high) / 2;
    return [middle - (unit * length) / 2, middle + (unit * length) / 2];
  };
  return { x: about(spanX, width), y: about(spanY, height) };
}
