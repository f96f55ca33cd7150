import type { Layer, Mask, Network } from "../../src/model/index.ts";
import { type Matrix, matrix } from "../../src/tensor/index.ts";

/** A component of a model as the test vectors write it. */
interface Component {
  readonly kind: string;
  readonly [name: string]: unknown;
}

export interface Model {
  readonly n_ctx: number;
  readonly components: readonly Component[];
}

export interface Case<Input, Expected> {
  readonly name: string;
  readonly input: Input;
  readonly expected: Expected;
}

/** Two models, and the inputs they are compared on when these are not N(0, I). */
export interface Pair {
  readonly a: Model;
  readonly b: Model;
  readonly mean?: number[];
  readonly cov?: number[][];
}

/** The three inner products of a pair. */
export interface Products {
  readonly aa: number;
  readonly ab: number;
  readonly bb: number;
}

/** True when the model has only linear and bilinear components. */
export function isFeedForward(model: Model): boolean {
  return model.components.every(({ kind }) => kind !== "attention");
}

export function networkOf(model: Model): Network {
  return {
    layers: model.components.map(layerOf),
    ...(model.n_ctx > 1 || !isFeedForward(model) ? { nContext: model.n_ctx } : {}),
  };
}

function layerOf(component: Component): Layer {
  const biases = (names: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(names).flatMap(([name, key]) =>
        component[key] ? [[name, Float64Array.from(component[key] as number[])]] : [],
      ),
    );
  const table = (key: string) => matrixOf(component[key] as number[][]);
  if (component.kind === "linear") {
    return { kind: "linear", weight: table("W"), ...biases({ bias: "b" }) };
  }
  const factors = { residual: component["res"] as number, gain: component["act"] as number };
  if (component.kind === "attention") {
    const base = component["rope_base"] as number | undefined;
    return {
      kind: "attention",
      heads: component["n_head"] as number,
      query1: table("Q1"),
      key1: table("K1"),
      query2: table("Q2"),
      key2: table("K2"),
      value: table("V"),
      output: table("O"),
      ...biases({ query1Bias: "bq1", key1Bias: "bk1", query2Bias: "bq2", key2Bias: "bk2" }),
      mask: component["mask"] as Mask,
      ...(base === undefined ? {} : { rotaryBase: base }),
      ...factors,
    };
  }
  return {
    kind: "bilinear",
    left: table("L"),
    right: table("R"),
    down: table("D"),
    ...factors,
    ...biases({ leftBias: "bl", rightBias: "br", downBias: "bd" }),
  };
}

export function matrixOf(rows: readonly (readonly number[])[]): Matrix {
  return matrix(rows.length, rows[0]!.length, rows.flat());
}
