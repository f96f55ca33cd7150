import type { Libraries } from "./builtins.ts";

/** Each is a file of its own, loaded when a cell first names it: prose is on the screen before them. */
export const lazyLibraries: Libraries = {
  plot: () => import("@observablehq/plot"),
  inputs: () => import("@observablehq/inputs"),
  d3: () => import("d3"),
  htl: () => import("htl"),
  lines: () => import("./charts/lines.ts").then(({ lines }) => lines),
  trajectory: () => import("./charts/trajectory.ts").then(({ trajectory }) => trajectory),
  spectrum: () => import("./charts/spectrum.ts").then(({ spectrum }) => spectrum),
  embedding: () => import("./charts/embedding.ts").then(({ embedding }) => embedding),
  checkpointPicker: () =>
    import("./inputs/index.ts").then(({ checkpointPicker }) => checkpointPicker),
  outputPicker: () => import("./inputs/index.ts").then(({ outputPicker }) => outputPicker),
  similaritySettings: () =>
    import("./inputs/index.ts").then(({ similaritySettings }) => similaritySettings),
  stepRange: () => import("./inputs/index.ts").then(({ stepRange }) => stepRange),
};
