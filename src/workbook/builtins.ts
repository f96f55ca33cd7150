/** What a browser cell finds without importing it. A name that a cell declares comes before these. */
export const browserBuiltins = [
  "Plot",
  "Inputs",
  "d3",
  "htl",
  "html",
  "svg",
  "heatmap",
  "lines",
  "trajectory",
  "spectrum",
  "embedding",
  "checkpointPicker",
  "outputPicker",
  "similaritySettings",
  "stepRange",
  "display",
  "view",
  "invalidation",
  "width",
  "dark",
] as const;

/** What a kernel cell finds beside Node's own globals. */
export const kernelBuiltins = [
  "display",
  "clear",
  "html",
  "svg",
  "md",
  "tex",
  "image",
  "json",
  "heatmap",
  "signal",
  "progress",
  "console",
] as const;

/** What code finds as if it were a CommonJS module beside the workbook. */
export const moduleBuiltins = ["require", "__dirname", "__filename"] as const;

/** What an execution finds beside Node's own globals: the same, and what a client of Jupyter's can do. */
export const executionBuiltins: readonly ExecutionBuiltin[] = [
  ...kernelBuiltins,
  "input",
  "page",
  "comm",
];

export type BrowserBuiltin = (typeof browserBuiltins)[number];
export type KernelBuiltin = (typeof kernelBuiltins)[number];
export type ExecutionBuiltin = KernelBuiltin | "input" | "page" | "comm";

/** The builtins of both sides by name. */
export interface Builtins {
  readonly browser: ReadonlySet<string>;
  readonly kernel: ReadonlySet<string>;
}

export const builtins: Builtins = {
  browser: new Set(browserBuiltins),
  kernel: new Set([...kernelBuiltins, ...moduleBuiltins]),
};

/** How a kernel cell gets a library that the page has as a builtin. */
export const kernelImports: Readonly<Record<string, string>> = {
  Plot: 'import * as Plot from "@observablehq/plot"',
  d3: 'import * as d3 from "d3"',
};
