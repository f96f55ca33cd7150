import type { AttentionLayer, BilinearLayer, LinearLayer, Network } from "../../model/index.ts";
import type { Matrix } from "../../tensor/index.ts";
import { type Arithmetic, applied, float64 } from "./arithmetic.ts";

/** y = W x + b. */
export interface Affine {
  readonly weight: Matrix;
  readonly bias: Float64Array;
}

/** A layer that is not linear, with the linear maps after it as one. */
export interface Stage {
  readonly layer: BilinearLayer | AttentionLayer;
  readonly after: Affine | undefined;
}

/** A network as the closure walks it: a linear map, then the other layers. */
export interface Stages {
  readonly before: Affine | undefined;
  readonly stages: readonly Stage[];
}

export async function stagesOf({ layers }: Network, { times }: Arithmetic): Promise<Stages> {
  let before: Affine | undefined;
  const stages: Stage[] = [];
  for (const layer of layers) {
    if (layer.kind !== "linear") {
      stages.push({ layer, after: undefined });
      continue;
    }
    const last = stages.pop();
    if (last) stages.push({ ...last, after: await through(last.after, layer) });
    else before = await through(before, layer);
  }
  return { before, stages };

  async function through(
    first: Affine | undefined,
    { weight, bias }: LinearLayer,
  ): Promise<Affine> {
    const own = float64(weight);
    if (!first)
      return { weight: own, bias: Float64Array.from(bias ?? new Float64Array(own.shape[0])) };
    return { weight: await times(own, first.weight), bias: applied(own, first.bias, bias) };
  }
}
