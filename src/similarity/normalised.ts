import type {
  AttentionLayer,
  BilinearLayer,
  Layer,
  LinearLayer,
  Network,
  Substitution,
} from "../model/index.ts";
import { type Matrix, matrix, type Numbers } from "../tensor/index.ts";

/** A network whose wires are of ordinary size: the one it was made of is 2^exponent times as large. */
export interface Normalised {
  readonly network: Network;
  readonly exponent: number;
}

/**
 * Base-2 logarithms of a wire: what was divided out of it, and the size that an entry has left. The size of
 * inputs is not changed.
 */
interface Wire {
  readonly taken: number;
  readonly size: number;
}

/**
 * The same function over a power of two, each wire and each side of a unit scaled so that an entry has a
 * mean square of about 1 for normal inputs: degrees multiply from layer to layer, and with them every
 * exponent. The scale of a wire moves from the weights that write it to those that read it; a residual is
 * scaled by what changes from one wire to the next. Powers of two round nothing.
 */
export function normalised(network: Network, substitution: Substitution | undefined): Normalised {
  const layers: Layer[] = [];
  let wire: Wire = { taken: 0, size: inputSize(substitution) };
  for (const layer of network.layers) {
    const scaled =
      layer.kind === "linear"
        ? linear(layer, wire)
        : layer.kind === "bilinear"
          ? bilinear(layer, wire)
          : attention(layer, wire);
    layers.push(scaled.layer);
    wire = { taken: scaled.taken, size: 0 };
  }
  return { network: { ...network, layers }, exponent: wire.taken };
}

interface Scaled {
  readonly layer: Layer;
  readonly taken: number;
}

function linear({ bias, ...layer }: LinearLayer, wire: Wire): Scaled {
  const { weight, offset, taken } = reader(layer.weight, bias, wire);
  return { layer: { ...layer, weight, ...(offset && { bias: offset }) }, taken };
}

function bilinear(layer: BilinearLayer, wire: Wire): Scaled {
  const { downBias, residual, gain = 1 } = layer;
  const left = reader(layer.left, layer.leftBias, wire);
  const right = reader(layer.right, layer.rightBias, wire);
  const inside = left.taken + right.taken;
  const taken = exponentOf([
    logRms(layer.down.data, layer.down.shape[0]) + Math.log2(Math.abs(gain)) + inside,
    downBias ? logRms(downBias, downBias.length) + Math.log2(Math.abs(gain)) : -Infinity,
    ...past(residual, wire),
  ]);
  return {
    layer: {
      ...layer,
      left: left.weight,
      right: right.weight,
      down: times(layer.down, inside - taken),
      ...(left.offset && { leftBias: left.offset }),
      ...(right.offset && { rightBias: right.offset }),
      ...(downBias && { downBias: timesPower(downBias, -taken) }),
      ...(residual && { residual: scaledBy(residual, wire.taken - taken) }),
    },
    taken,
  };
}

function attention(layer: AttentionLayer, wire: Wire): Scaled {
  const { residual, gain = 1 } = layer;
  const query1 = reader(layer.query1, layer.query1Bias, wire);
  const key1 = reader(layer.key1, layer.key1Bias, wire);
  const query2 = reader(layer.query2, layer.query2Bias, wire);
  const key2 = reader(layer.key2, layer.key2Bias, wire);
  const value = reader(layer.value, undefined, wire);
  const legs = [query1, key1, query2, key2, value];
  const inside = legs.reduce((sum, leg) => sum + leg.taken, 0);
  const taken = exponentOf([
    logRms(layer.output.data, layer.output.shape[0]) + Math.log2(Math.abs(gain)) + inside,
    ...past(residual, wire),
  ]);
  return {
    layer: {
      ...layer,
      query1: query1.weight,
      key1: key1.weight,
      query2: query2.weight,
      key2: key2.weight,
      value: value.weight,
      output: times(layer.output, inside - taken),
      ...(query1.offset && { query1Bias: query1.offset }),
      ...(key1.offset && { key1Bias: key1.offset }),
      ...(query2.offset && { query2Bias: query2.offset }),
      ...(key2.offset && { key2Bias: key2.offset }),
      ...(residual && { residual: scaledBy(residual, wire.taken - taken) }),
    },
    taken,
  };
}

interface Reader {
  readonly weight: Matrix;
  readonly offset: Float64Array | undefined;
  readonly taken: number;
}

/** An affine map of a wire, its outputs brought to size 1. */
function reader(weight: Matrix, bias: Numbers | undefined, wire: Wire): Reader {
  const rows = weight.shape[0];
  const taken = exponentOf([
    logRms(weight.data, rows) + wire.taken + wire.size,
    bias ? logRms(bias, rows) : -Infinity,
  ]);
  return {
    weight: times(weight, wire.taken - taken),
    offset: bias && timesPower(bias, -taken),
    taken,
  };
}

function past(residual: number | undefined, wire: Wire): readonly number[] {
  return residual ? [Math.log2(Math.abs(residual)) + wire.taken + wire.size] : [];
}

/** Mean square of an entry of the inputs, as the logarithm of its root. */
function inputSize(substitution: Substitution | undefined): number {
  if (!substitution) return 0;
  const { mean, factor } = substitution;
  const size = Math.max(logRms(factor.data, mean.length), logRms(mean, mean.length));
  return Number.isFinite(size) ? size : 0;
}

/** ½ log2(Σ x² / count), −∞ for zeros. */
function logRms(data: Numbers, count: number): number {
  let largest = 0;
  for (const entry of data) largest = Math.max(largest, Math.abs(entry));
  if (largest === 0) return Number.NEGATIVE_INFINITY;
  let squares = 0;
  for (const entry of data) squares += (entry / largest) ** 2;
  return Math.log2(largest) + Math.log2(squares / count) / 2;
}

/** The power of two nearest to the largest of some sizes; 0 when there is none. */
function exponentOf(sizes: readonly number[]): number {
  const largest = Math.max(...sizes);
  return Number.isFinite(largest) ? Math.round(largest) : 0;
}

function times(a: Matrix, exponent: number): Matrix {
  return matrix(...a.shape, timesPower(a.data, exponent));
}

function timesPower(data: Numbers, exponent: number): Float64Array {
  const half = Math.trunc(exponent / 2);
  const [first, rest] = [2 ** half, 2 ** (exponent - half)];
  return Float64Array.from(data, (entry) => entry * first * rest);
}

function scaledBy(x: number, exponent: number): number {
  return timesPower(Float64Array.of(x), exponent)[0]!;
}
