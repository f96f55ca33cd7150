import type { Weights } from "../../src/model/index.ts";
import { sizeOf, type Tensor } from "../../src/tensor/index.ts";

export type Shapes = Readonly<Record<string, readonly number[]>>;

/** Weights of the given shapes, filled 1, 2, 3, … each from its own hundred, so that every number says where it is from. */
export function numbered(shapes: Shapes, metadata?: Readonly<Record<string, string>>): Weights {
  const names = Object.keys(shapes);
  const tensors = names.map((name, k): [string, Tensor] => {
    const start = 100 * (1 + k);
    const data = Float64Array.from({ length: sizeOf(shapes[name]!) }, (_, i) => start + i);
    return [name, { shape: shapes[name]!, data }];
  });
  return weightsIn(Object.fromEntries(tensors), metadata);
}

/** Weights in memory. */
export function weightsIn(
  tensors: Readonly<Record<string, Tensor>>,
  metadata?: Readonly<Record<string, string>>,
): Weights {
  return {
    source: "step_7.pt",
    names: Object.keys(tensors),
    ...(metadata && { metadata }),
    shape: (name) => tensors[name]?.shape,
    tensor: (name) => tensors[name]!,
  };
}

/** A value with typed arrays as lists, for comparison. */
export function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, inner) =>
      ArrayBuffer.isView(inner) ? [...(inner as Float64Array)] : inner,
    ),
  );
}
