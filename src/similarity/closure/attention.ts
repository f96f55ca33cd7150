import { type AttentionLayer, looksAt } from "../../model/index.ts";
import { identity, type Matrix, matrix, scaled } from "../../tensor/index.ts";
import { type Arithmetic, applied, bytesOf, float64 } from "./arithmetic.ts";
import { attentionMoments } from "./attention-moments.ts";
import { type AttentionShape, isSquared } from "./attention-shape.ts";
import { withAfter } from "./bilinear.ts";
import type { Blocks } from "./blocks.ts";
import type { HeldLegs } from "./held-legs.ts";
import { heldLegs } from "./hold-legs.ts";
import { legCount } from "./leg-table.ts";
import { Once } from "./once.ts";
import type { Stage } from "./stages.ts";
import { Turns } from "./turns.ts";

/** What pairs need to know of an attention layer in one network, the linear map after it included. */
export interface AttentionTrace extends AttentionShape {
  readonly kind: "attention";
  readonly held: HeldLegs;
  /** [out, H · width]: gain / width² · W O. */
  readonly output: Matrix;
  /** [out, d]: residual · W; undefined is 0. */
  readonly through: Matrix | undefined;
  /** The residual where no W comes after it, so that `through` is so many times the identity. */
  readonly factor: number | undefined;
  /** E[∂(active part of y_t)/∂x_p], [out, d]; undefined is 0. */
  readonly slope: (t: number, p: number) => Promise<Matrix | undefined>;
  /** [positions][H · width]: E[z]. */
  readonly written: readonly Float64Array[];
  /** [positions][out] */
  readonly means: readonly Float64Array[];
  readonly bytes: number;
}

/**
 * The layer at a normal wire of these means and covariances; exact.
 *
 * @param alike - whether positions are independent and alike
 */
export async function attentionTrace(
  { layer, after }: Stage & { readonly layer: AttentionLayer },
  means: readonly Float64Array[],
  covariance: Blocks,
  alike: boolean,
  arithmetic: Arithmetic,
): Promise<AttentionTrace> {
  const { times } = arithmetic;
  const positions = means.length;
  const { heads, residual = 0, gain = 1, rotaryBase } = layer;
  const [rows, d] = layer.query1.shape;
  const width = rows / heads;
  const turns = rotaryBase === undefined ? undefined : new Turns(positions, width, rotaryBase);
  const sees = (t: number, u: number) => looksAt(layer.mask, t, u);
  const legs = matrix(legCount * rows, d);
  const parts = [layer.query1, layer.key1, layer.query2, layer.key2, layer.value];
  for (const [k, part] of parts.entries()) legs.data.set(part.data, k * rows * d);
  const legMeans = legMeansOf(layer, legs, means);
  const bare = scaled(layer.output, gain / width ** 2);
  const output = after ? await times(after.weight, bare) : bare;

  const at = { layer, legs, legMeans, turns, covariance, alike, output };
  const { written, slope } = await attentionMoments(at, arithmetic);
  const held = await heldLegs(
    {
      heads,
      width,
      weights: {
        query: byHead([layer.query1, layer.query2], heads),
        key: byHead([layer.key1, layer.key2, layer.value], heads),
      },
      means: legMeans?.map((mean) => groupedMeans(mean, heads)),
      turns,
      looksAt: sees,
    },
    covariance,
    alike,
    arithmetic,
  );
  return {
    kind: "attention",
    heads,
    width,
    mask: layer.mask ?? "causal",
    turning: turns !== undefined,
    alike,
    shifted: legMeans !== undefined,
    squared: isSquared(layer),
    held,
    output,
    through: residual === 0 ? undefined : scaled(after?.weight ?? identity(d), residual),
    factor: after ? undefined : residual,
    slope,
    written,
    bytes: bytesOf([legs, output]) + held.bytes,
    means: written.map((z, t) => {
      const active = applied(float64(layer.output), z);
      return withAfter(
        active.map(
          (entry, o) =>
            (gain / width ** 2) * entry + (residual === 0 ? 0 : residual * means[t]![o]!),
        ),
        after,
      );
    }),
  };
}

/** Rows of some weights by head: of each head its rows of all weights, one after the other. */
function byHead(weights: readonly Matrix[], heads: number): Matrix {
  const [rows, d] = weights[0]!.shape;
  const size = (rows / heads) * d;
  const found = matrix(weights.length * rows, d);
  for (let head = 0; head < heads; head++) {
    for (const [k, { data }] of weights.entries()) {
      const part = data.subarray(head * size, (head + 1) * size);
      found.data.set(part, (head * weights.length + k) * size);
    }
  }
  return found;
}

/** Means in the order of the legs of {@link legCount}, [5 · H · width], in that of {@link byHead}. */
function groupedMeans(
  mean: Float64Array,
  heads: number,
): { query: Float64Array; key: Float64Array } {
  const part = (leg: number) => {
    const length = mean.length / legCount;
    return matrix(length, 1, mean.subarray(leg * length, (leg + 1) * length));
  };
  return {
    query: byHead([part(0), part(2)], heads).data as Float64Array,
    key: byHead([part(1), part(3), part(4)], heads).data as Float64Array,
  };
}

function legMeansOf(
  layer: AttentionLayer,
  legs: Matrix,
  means: readonly Float64Array[],
): readonly Float64Array[] | undefined {
  const rows = layer.query1.shape[0];
  const biases = new Float64Array(legCount * rows);
  const parts = [layer.query1Bias, layer.key1Bias, layer.query2Bias, layer.key2Bias];
  for (const [k, bias] of parts.entries()) if (bias) biases.set(bias, k * rows);
  const once = new Once<Float64Array>();
  const found = means.map((mean) => once.of([mean], () => applied(legs, mean, biases)));
  return found.every((mean) => mean.every((entry) => entry === 0)) ? undefined : found;
}
