import type { Precision } from "../../tensor/index.ts";
import type { Graph } from "./model.ts";

/** 2⁻ᵉ Lᵀ: a side of a step, its columns one after the other, a power of two taken out. */
export function columnsGraph(precision: Precision): Graph {
  return {
    precision,
    inputs: { side: 2, scale: 1 },
    constants: {},
    operations: [
      { type: "Transpose", inputs: ["side"], output: "turned" },
      { type: "Mul", inputs: ["turned", "scale"], output: "columns" },
    ],
    output: ["columns", 2],
  };
}

/**
 * A block of twice the form of one output, 2 S_ij = Σ_h D[h] (l_hi r_hj + r_hi l_hj), for some rows i and
 * columns j: `rowLeft`, `rowRight` [rows, h], `left`, `right` [columns, h], `down` [1, h].
 */
export function blockGraph(precision: Precision): Graph {
  return {
    precision,
    inputs: { rowLeft: 2, rowRight: 2, left: 2, right: 2, down: 2 },
    constants: {},
    operations: [
      { type: "Mul", inputs: ["rowLeft", "down"], output: "weightedLeft" },
      { type: "Mul", inputs: ["rowRight", "down"], output: "weightedRight" },
      {
        type: "Gemm",
        inputs: ["weightedLeft", "right"],
        output: "half",
        attributes: { transB: 1 },
      },
      {
        type: "Gemm",
        inputs: ["weightedRight", "left", "half"],
        output: "block",
        attributes: { transB: 1 },
      },
    ],
    output: ["block", 2],
  };
}
