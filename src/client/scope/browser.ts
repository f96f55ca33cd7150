/*
 * What a browser cell finds without importing it, as the language service sees it: a test holds it to the
 * list of builtins. Nothing of this runs.
 */

export * as Plot from "@observablehq/plot";
export * as d3 from "d3";
export { embedding } from "../charts/embedding.ts";
export { heatmap } from "../charts/heatmap.ts";
export { lines } from "../charts/lines.ts";
export { spectrum } from "../charts/spectrum.ts";
export { trajectory } from "../charts/trajectory.ts";
export {
  checkpointPicker,
  outputPicker,
  similaritySettings,
  stepRange,
} from "../inputs/index.ts";
export * as htl from "./hypertext.ts";
export { html, svg } from "./hypertext.ts";
export * as Inputs from "./inputs.ts";

/** Shows a value below the cell, and returns it. A cell may show several. */
export declare function display<T>(value: T): T;

/**
 * Shows an input, and gives its value: in this cell the one it has now, in other cells each new one.
 *
 * @param input an element with a value, as those of `Inputs`
 */
export declare function view<T>(input: Element & { value: T }): T;

/** Resolves when this run of the cell is over: the moment to end what it started. */
export declare const invalidation: Promise<void>;

/** Width of the cells in pixels; a cell that names it runs again when it changes. */
export declare const width: number;

/** Whether the page is dark; a cell that names it runs again when it changes. */
export declare const dark: boolean;

/** What other cells read of a name: promises awaited, generators at the value they gave last. */
export type Settled<T> =
  Awaited<T> extends Generator<infer V, unknown, never> | AsyncGenerator<infer V, unknown, never>
    ? V
    : Awaited<T>;
