import type { Precision } from "../../tensor/index.ts";
import type { StepSizes } from "../chain/steps.ts";
import type { Graph, Operation } from "./model.ts";

/** A product of two matrices, to be run with `gemm`. */
export function gemmGraph(precision: Precision, transposeA: boolean, transposeB: boolean): Graph {
  return {
    precision,
    inputs: { a: 2, b: 2 },
    constants: {},
    operations: [
      {
        type: "Gemm",
        inputs: ["a", "b"],
        output: "product",
        attributes: { transA: Number(transposeA), transB: Number(transposeB) },
      },
    ],
    output: ["product", 2],
  };
}

export interface StepPlace {
  readonly precision: Precision;
  readonly symmetrise: boolean;
  readonly first: boolean;
  readonly last: boolean;
}

/**
 * One step of the recursion for a chain a and a batch of n chains b of one architecture, sizes `s` of a
 * and `t` of b. The metric is kept transposed, [n, wire of b, wire of a], so that products with the
 * weights of a are one product for the whole batch, and only those with b's own are batched.
 *
 * Inputs: `left`, `right`, `down` of the batch (one below the other, [n·rows, columns], or [n, rows,
 * columns] where they meet a metric), `aLeft`, `aRight`, `aDown`, and `metric` unless the step is the
 * first. Output: the next metric, or `slices` [n, outputs] of the last step, whose `down` matrices come
 * transposed.
 */
export function stepGraph(s: StepSizes, t: StepSizes, place: StepPlace): Graph {
  return s.kind === "linear" ? linearGraph(s, place) : bilinearGraph(s, t, place);
}

function linearGraph(s: StepSizes, { precision, first, last }: StepPlace): Graph {
  const operations: Operation[] = [];
  const rank = first && !last ? 2 : 3;
  // W_b G, [n, outputs of b, inputs of a]
  let half = "left";
  if (!first) {
    half = "half";
    operations.push({ type: "MatMul", inputs: ["left", "metric"], output: half });
  }
  if (last) {
    operations.push(
      { type: "Mul", inputs: [half, "aLeft"], output: "products" },
      { type: "ReduceSum", inputs: ["products", "columns"], output: "slices", attributes: once },
    );
  } else {
    if (!first) {
      operations.push({ type: "Reshape", inputs: [half, "flat"], output: "rows" });
      half = "rows";
    }
    operations.push({
      type: "Gemm",
      inputs: [half, "aLeft"],
      output: "next",
      attributes: { transB: 1 },
    });
  }
  return {
    precision,
    inputs: { left: rank, aLeft: 2, ...(first ? {} : { metric: 3 }) },
    constants: {
      ...(last ? { columns: [2] } : {}),
      ...(first || last ? {} : { flat: [-1, s.inputs] }),
    },
    operations,
    output: last ? ["slices", 2] : ["next", 2],
  };
}

/** ReduceSum without the axis it sums over. */
const once = { keepdims: 0 };

function bilinearGraph(s: StepSizes, t: StepSizes, place: StepPlace): Graph {
  const { precision, symmetrise, first, last } = place;
  const operations: Operation[] = [];
  const then = (type: string, inputs: readonly string[], output: string, attributes = {}) => {
    operations.push({ type, inputs, output, attributes });
    return output;
  };
  // [n·hidden of b, inputs of a]
  const through = (weight: "left" | "right") =>
    first
      ? weight
      : then("Reshape", [then("MatMul", [weight, "metric"], `${weight}3`), "flat"], `${weight}2`);
  // [n·hidden of b, hidden of a]
  const times = (x: string, weight: "aLeft" | "aRight", output: string) =>
    then("Gemm", [x, weight], output, { transB: 1 });
  const left = through("left");
  const right = through("right");
  let kernel = then("Mul", [times(left, "aLeft", "ll"), times(right, "aRight", "rr")], "straight");
  if (symmetrise) {
    const crossed = [times(left, "aRight", "lr"), times(right, "aLeft", "rl")];
    kernel = then("Add", [kernel, then("Mul", crossed, "crossed")], "both");
  }
  // [n·hidden of b, outputs of a]
  const alpha = symmetrise ? 0.5 : 1;
  const half = then("Gemm", [kernel, "aDown"], "half", { alpha, transB: last ? 0 : 1 });
  if (last) {
    const products = then("Mul", [half, "down"], "products");
    then("ReduceSum", [then("Reshape", [products, "pairs"], "split"), "rows"], "slices", once);
  } else {
    then("MatMul", ["down", then("Reshape", [half, "pairs"], "split")], "next");
  }
  const rank = first ? 2 : 3;
  return {
    precision,
    inputs: {
      left: rank,
      right: rank,
      down: last ? 2 : 3,
      aLeft: 2,
      aRight: 2,
      aDown: 2,
      ...(first ? {} : { metric: 3 }),
    },
    constants: {
      pairs: [-1, t.hidden, s.outputs],
      ...(last ? { rows: [1] } : {}),
      ...(first ? {} : { flat: [-1, s.inputs] }),
    },
    operations,
    output: last ? ["slices", 2] : ["next", 3],
  };
}
