import type { BilinearLayer, Layer, LinearLayer, Network } from "../../model/index.ts";
import { identity, matrix, type Numbers } from "../../tensor/index.ts";
import { abreast, columnsOf, diagonal, rowsOf, stacked } from "../blocks.ts";
import { checkQuartic, type Quartic } from "./quartic.ts";

/**
 * The network with a product of four that cancels, grouped in two ways, added to a pair of its layers,
 *
 *     down · [ (p·y)(q·y) · (r·y)(s·y) − (p·y)(r·y) · (q·y)(s·y) ] = 0
 *
 * The first layer gets four more hidden units and the wire after it four more numbers, the second layer
 * two more hidden units. The function stays; layer by layer the two products are not the same.
 *
 * @param quartic - factors [dIn of the first layer], down [dOut of the second]
 * @param layer - index of the first of the two; default the first of {@link regroupable}
 * @throws {RangeError} when the factors do not fit, or there is no such layer
 */
export function addRegroupedNull(network: Network, quartic: Quartic, layer?: number): Network {
  const places = regroupable(network);
  const index = layer ?? places[0];
  const next = index === undefined ? -1 : followerOf(network, index);
  const [inner, outer] = [network.layers[index ?? -1], network.layers[next]];
  if (
    index === undefined ||
    !places.includes(index) ||
    inner?.kind !== "bilinear" ||
    outer?.kind !== "bilinear"
  ) {
    throw new RangeError(
      `Cannot regroup factors in ${layer === undefined ? "a network" : `layer ${layer}`}: expected a bilinear layer that another follows, both without residual, found none`,
    );
  }
  checkQuartic("regroup factors", quartic, inner.left.shape[1], outer.down.shape[0]);
  const layers: Layer[] = [...network.layers];
  layers[index] = givingProducts(inner, quartic);
  for (let k = index + 1; k < next; k++) layers[k] = passingOn(layers[k] as LinearLayer);
  layers[next] = takingProducts(outer, quartic.down);
  return { ...network, layers };
}

/** Bilinear layers that another follows with nothing but linear layers between, both without residual. */
export function regroupable(network: Network): number[] {
  const fits = (k: number) => {
    const layer = network.layers[k];
    return layer?.kind === "bilinear" && !layer.residual;
  };
  return network.layers.flatMap((_, k) => (fits(k) && fits(followerOf(network, k)) ? [k] : []));
}

/** Index of the next layer that is not linear, −1 when there is none. */
function followerOf({ layers }: Network, index: number): number {
  return layers.findIndex(({ kind }, k) => k > index && kind !== "linear");
}

/** Four products more on the wire: pq, rs, pr, qs. */
function givingProducts(layer: BilinearLayer, { factors: [p, q, r, s] }: Quartic): BilinearLayer {
  return {
    ...layer,
    left: stacked([layer.left, rowsOf([p, r, p, q])]),
    right: stacked([layer.right, rowsOf([q, s, r, s])]),
    down: diagonal(layer.down, identity(4)),
    ...(layer.leftBias ? { leftBias: lengthened(layer.leftBias, 4) } : {}),
    ...(layer.rightBias ? { rightBias: lengthened(layer.rightBias, 4) } : {}),
    ...(layer.downBias ? { downBias: lengthened(layer.downBias, 4) } : {}),
  };
}

function passingOn(layer: LinearLayer): LinearLayer {
  return {
    ...layer,
    weight: diagonal(layer.weight, identity(4)),
    ...(layer.bias ? { bias: lengthened(layer.bias, 4) } : {}),
  };
}

/** Two units more, pq · rs with `down` and pr · qs with −down. */
function takingProducts(layer: BilinearLayer, down: ArrayLike<number>): BilinearLayer {
  const minus = Array.from(down, (entry) => -entry);
  return {
    ...layer,
    left: diagonal(layer.left, matrix(2, 4, [1, 0, 0, 0, 0, 0, 1, 0])),
    right: diagonal(layer.right, matrix(2, 4, [0, 1, 0, 0, 0, 0, 0, 1])),
    down: abreast([layer.down, columnsOf([down, minus])]),
    ...(layer.leftBias ? { leftBias: lengthened(layer.leftBias, 2) } : {}),
    ...(layer.rightBias ? { rightBias: lengthened(layer.rightBias, 2) } : {}),
  };
}

/** With zeros behind. */
function lengthened(bias: Numbers, count: number): Numbers {
  return Float64Array.from({ length: bias.length + count }, (_, i) => bias[i] ?? 0);
}
