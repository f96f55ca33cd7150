import { heatmap } from "./charts/heatmap.ts";
import { darknesses, widths } from "./surroundings.ts";

/** Where the libraries come from: loaded when a cell first names them, or there already in a report. */
export interface Libraries {
  plot(): unknown;
  inputs(): unknown;
  d3(): unknown;
  htl(): unknown;
  lines(): unknown;
  trajectory(): unknown;
  spectrum(): unknown;
  embedding(): unknown;
  checkpointPicker(): unknown;
  outputPicker(): unknown;
  similaritySettings(): unknown;
  stepRange(): unknown;
}

/**
 * What a browser cell finds without importing it.
 *
 * @param column what gives cells their width
 */
export function pageBuiltins(
  column: Element,
  libraries: Libraries,
): Readonly<Record<string, unknown>> {
  return {
    Plot: libraries.plot,
    Inputs: libraries.inputs,
    d3: libraries.d3,
    htl: libraries.htl,
    html: tag(libraries, "html"),
    svg: tag(libraries, "svg"),
    heatmap: () => heatmap,
    lines: libraries.lines,
    trajectory: libraries.trajectory,
    spectrum: libraries.spectrum,
    embedding: libraries.embedding,
    checkpointPicker: libraries.checkpointPicker,
    outputPicker: libraries.outputPicker,
    similaritySettings: libraries.similaritySettings,
    stepRange: libraries.stepRange,
    width: () => widths(column),
    dark: () => darknesses(),
  };
}

function tag({ htl }: Libraries, name: "html" | "svg"): () => Promise<unknown> {
  return async () => ((await htl()) as Readonly<Record<string, unknown>>)[name];
}
