import { heatmap } from "./charts/heatmap.ts";
import { darknesses, widths } from "./surroundings.ts";

/**
 * What a browser cell finds without importing it. Libraries are loaded when a cell first names them, so
 * that prose is on the screen before them.
 *
 * @param column what gives cells their width
 */
export function pageBuiltins(column: Element): Readonly<Record<string, unknown>> {
  return {
    Plot: () => import("@observablehq/plot"),
    Inputs: () => import("@observablehq/inputs"),
    d3: () => import("d3"),
    html: () => import("htl").then(({ html }) => html),
    svg: () => import("htl").then(({ svg }) => svg),
    htl: () => import("htl"),
    heatmap: () => heatmap,
    lines: () => import("./charts/lines.ts").then(({ lines }) => lines),
    width: () => widths(column),
    dark: () => darknesses(),
  };
}
