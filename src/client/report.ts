import * as Inputs from "@observablehq/inputs";
import * as Plot from "@observablehq/plot";
import * as htl from "htl";
import { embedding } from "./charts/embedding.ts";
import { lines } from "./charts/lines.ts";
import { spectrum } from "./charts/spectrum.ts";
import { trajectory } from "./charts/trajectory.ts";
import { checkpointPicker, outputPicker, similaritySettings, stepRange } from "./inputs/index.ts";
import { readReport, reportPage } from "./report-page.ts";

const libraries = {
  plot: () => Plot,
  inputs: () => Inputs,
  htl: () => htl,
  lines: () => lines,
  trajectory: () => trajectory,
  spectrum: () => spectrum,
  embedding: () => embedding,
  checkpointPicker: () => checkpointPicker,
  outputPicker: () => outputPicker,
  similaritySettings: () => similaritySettings,
  stepRange: () => stepRange,
  // A script of its own in the file, there when a cell names it.
  d3: () => (globalThis as unknown as { readonly d3: unknown }).d3,
};

document.getElementById("page")!.replaceChildren(reportPage(readReport(document), libraries));
