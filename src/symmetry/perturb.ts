import type { Layer, Network } from "../model/index.ts";
import { type Matrix, matrix, type Numbers, Random } from "../tensor/index.ts";
import { rms } from "./magnitude.ts";

/**
 * The network with noise on every weight and bias: w + amount · rms(tensor of w) · n, n ~ N(0, 1). It is
 * not a symmetry: the function changes, a little for a small amount. One seed is one direction, so a
 * slider over `amount` moves along a straight line that starts at the network itself.
 *
 * @param amount - 0 leaves every weight as it is; 1 is noise as large as the weights
 * @throws {RangeError} when amount is not a finite number
 */
export function perturb(network: Network, amount: number, seed: number): Network {
  if (!Number.isFinite(amount)) {
    throw new RangeError(`Cannot perturb a network: expected a finite amount, found ${amount}`);
  }
  const random = new Random(seed);
  const noisy = (data: Numbers): Numbers => {
    const scale = amount * rms(data);
    return Float64Array.from(data, (entry) => entry + scale * random.normal());
  };
  const noisyMatrix = ({ shape, data }: Matrix): Matrix => matrix(...shape, noisy(data));
  const layers = network.layers.map((layer): Layer => {
    if (layer.kind === "linear") {
      return {
        ...layer,
        weight: noisyMatrix(layer.weight),
        ...(layer.bias ? { bias: noisy(layer.bias) } : {}),
      };
    }
    if (layer.kind === "attention") {
      return {
        ...layer,
        query1: noisyMatrix(layer.query1),
        key1: noisyMatrix(layer.key1),
        query2: noisyMatrix(layer.query2),
        key2: noisyMatrix(layer.key2),
        value: noisyMatrix(layer.value),
        output: noisyMatrix(layer.output),
        ...(layer.query1Bias ? { query1Bias: noisy(layer.query1Bias) } : {}),
        ...(layer.key1Bias ? { key1Bias: noisy(layer.key1Bias) } : {}),
        ...(layer.query2Bias ? { query2Bias: noisy(layer.query2Bias) } : {}),
        ...(layer.key2Bias ? { key2Bias: noisy(layer.key2Bias) } : {}),
      };
    }
    return {
      ...layer,
      left: noisyMatrix(layer.left),
      right: noisyMatrix(layer.right),
      down: noisyMatrix(layer.down),
      ...(layer.leftBias ? { leftBias: noisy(layer.leftBias) } : {}),
      ...(layer.rightBias ? { rightBias: noisy(layer.rightBias) } : {}),
      ...(layer.downBias ? { downBias: noisy(layer.downBias) } : {}),
    };
  });
  return { ...network, layers };
}
