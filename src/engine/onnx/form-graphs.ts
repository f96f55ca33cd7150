import type { Precision } from "../../tensor/index.ts";
import type { Graph } from "./model.ts";

/** Lᵀ: a side of a step, its columns one after the other. */
export function columnsGraph(precision: Precision): Graph {
  return {
    precision,
    inputs: { side: 2 },
    constants: {},
    operations: [{ type: "Transpose", inputs: ["side"], output: "columns" }],
    output: ["columns", 2],
  };
}

/**
 * A block of twice the forms of some outputs, 2 S_oij = Σ_h D[o, h] (l_hi r_hj + r_hi l_hj), for some rows
 * i and columns j, one output below the other: `rowLeft`, `rowRight` [rows, h], `left`, `right`
 * [columns, h], `down` [outputs, 1, h] → [outputs·rows, columns].
 */
export function blockGraph(precision: Precision, hidden: number): Graph {
  return {
    precision,
    inputs: { rowLeft: 2, rowRight: 2, left: 2, right: 2, down: 3 },
    constants: { flat: [-1, hidden] },
    operations: [
      { type: "Mul", inputs: ["rowLeft", "down"], output: "weightedLeft" },
      { type: "Mul", inputs: ["rowRight", "down"], output: "weightedRight" },
      { type: "Reshape", inputs: ["weightedLeft", "flat"], output: "flatLeft" },
      { type: "Reshape", inputs: ["weightedRight", "flat"], output: "flatRight" },
      {
        type: "Gemm",
        inputs: ["flatLeft", "right"],
        output: "half",
        attributes: { transB: 1 },
      },
      {
        type: "Gemm",
        inputs: ["flatRight", "left", "half"],
        output: "block",
        attributes: { transB: 1 },
      },
    ],
    output: ["block", 2],
  };
}

/** F·diag(w)·Fᵀ: products of features [networks, entries], each entry as often as `weights` [entries] says. */
export function featureGraph(precision: Precision): Graph {
  return {
    precision,
    inputs: { features: 2, weights: 1 },
    constants: {},
    operations: [
      { type: "Mul", inputs: ["features", "weights"], output: "weighted" },
      {
        type: "Gemm",
        inputs: ["features", "weighted"],
        output: "products",
        attributes: { transB: 1 },
      },
    ],
    output: ["products", 2],
  };
}
