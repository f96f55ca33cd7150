import type { AttentionLayer, Layer, Network } from "../model/index.ts";
import { type Matrix, matrix, ShapeError } from "../tensor/index.ts";

/** How finely two networks are taken apart. */
export type Parts = "layers" | "heads" | "tensors";

/** A part of a network that another of the same build can take over. */
export interface Part {
  /** Index of its layer, from 0. */
  readonly layer: number;
  /** `"layer"`, `"head 3"`, or the name of a tensor or setting such as `"left"` or `"residual"`. */
  readonly name: string;
  /** The layer with this part of another. */
  readonly replaced: (layer: Layer, other: Layer) => Layer;
}

/**
 * The parts of two networks: taken over from `b` one after the other, in any order, they make `a` of it.
 * Tensors and settings that neither has, and settings that agree, are no parts.
 *
 * @throws {ShapeError} when the networks are not built alike
 */
export function partsOf(a: Network, b: Network, by: Parts): Part[] {
  if (a.layers.length !== b.layers.length) {
    throw new ShapeError(
      `Cannot take networks apart: expected ${a.layers.length} layers as a has, found ${b.layers.length} of b`,
    );
  }
  return a.layers.flatMap((layer, index) => {
    const other = b.layers[index]!;
    checkAlike(layer, other, index);
    if (by === "tensors") return tensorParts(layer, other, index);
    if (by === "heads" && layer.kind === "attention" && other.kind === "attention") {
      return headParts(layer, other, index);
    }
    return [{ layer: index, name: "layer", replaced: (_, from) => from }];
  });
}

/** The network with one part of another. */
export function withPart(network: Network, part: Part, other: Network): Network {
  const layers = [...network.layers];
  layers[part.layer] = part.replaced(layers[part.layer]!, other.layers[part.layer]!);
  return { ...network, layers };
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(layer: Layer): Fields {
  return { ...layer };
}

function checkAlike(a: Layer, b: Layer, index: number): void {
  const [x, y] = [fieldsOf(a), fieldsOf(b)];
  for (const name of ["kind", "heads"]) {
    if (x[name] === y[name]) continue;
    throw new ShapeError(
      `Cannot take layer ${index} apart: expected ${name} ${x[name]} as a has, found ${y[name]} of b`,
    );
  }
  for (const [name, value] of Object.entries(x)) {
    const [expected, found] = [shapeOf(value), shapeOf(y[name])];
    if (expected === undefined || found === undefined || expected === found) continue;
    throw new ShapeError(
      `Cannot take layer ${index} apart: expected ${name} of shape [${expected}] as a has, found [${found}] of b`,
    );
  }
}

function shapeOf(value: unknown): string | undefined {
  if (ArrayBuffer.isView(value)) return `${(value as Float64Array).length}`;
  if (typeof value !== "object" || value === null || !("shape" in value)) return undefined;
  return (value as Matrix).shape.join(", ");
}

/** Every tensor, and every setting that differs. */
function tensorParts(a: Layer, b: Layer, layer: number): Part[] {
  const [x, y] = [fieldsOf(a), fieldsOf(b)];
  const names = [...new Set([...Object.keys(x), ...Object.keys(y)])];
  return names
    .filter((name) => typeof (x[name] ?? y[name]) === "object" || x[name] !== y[name])
    .map((name) => ({ layer, name, replaced: taking([name]) }));
}

/** The layer with fields of another; those the other has not are left out. */
function taking(names: readonly string[]): Part["replaced"] {
  return (layer, other) => {
    const from = fieldsOf(other);
    const kept = Object.entries(layer).filter(([name]) => !names.includes(name));
    const taken = names
      .filter((name) => from[name] !== undefined)
      .map((name) => [name, from[name]]);
    return Object.fromEntries([...kept, ...taken]) as unknown as Layer;
  };
}

const rows = ["query1", "key1", "query2", "key2", "value"] as const;
const biases = ["query1Bias", "key1Bias", "query2Bias", "key2Bias"] as const;

/** Each head with its rows of queries, keys and values and its columns of the output, then what is left. */
function headParts(a: AttentionLayer, b: AttentionLayer, layer: number): Part[] {
  const own = new Set<string>([...rows, ...biases, "output"]);
  const [x, y] = [fieldsOf(a), fieldsOf(b)];
  const settings = [...new Set([...Object.keys(x), ...Object.keys(y)])].filter(
    (name) => !own.has(name) && x[name] !== y[name],
  );
  const heads = Array.from({ length: a.heads }, (_, head): Part => {
    const replaced: Part["replaced"] = (mine, from) =>
      withHead(mine as AttentionLayer, from as AttentionLayer, head);
    return { layer, name: `head ${head}`, replaced };
  });
  return settings.length === 0
    ? heads
    : [...heads, { layer, name: settings.join(", "), replaced: taking(settings) }];
}

function withHead(layer: AttentionLayer, other: AttentionLayer, head: number): AttentionLayer {
  const width = layer.value.shape[0] / layer.heads;
  const [first, end] = [head * width, (head + 1) * width];
  const isOwn = (at: number) => at >= first && at < end;
  const tensors = rows.map((name) => {
    const columns = layer[name].shape[1];
    return [name, chosen(layer[name], other[name], (at) => isOwn(Math.floor(at / columns)))];
  });
  const offsets = biases
    .filter((name) => layer[name] || other[name])
    .map((name) => {
      const [mine, from] = [layer, other].map(
        (one) => one[name] ?? new Float64Array(layer.value.shape[0]),
      );
      return [name, Float64Array.from(mine!, (entry, at) => (isOwn(at) ? from![at]! : entry))];
    });
  const columns = layer.output.shape[1];
  return {
    ...layer,
    ...Object.fromEntries([...tensors, ...offsets]),
    output: chosen(layer.output, other.output, (at) => isOwn(at % columns)),
  };
}

function chosen(a: Matrix, b: Matrix, isOther: (at: number) => boolean): Matrix {
  return matrix(
    ...a.shape,
    Float64Array.from(a.data, (entry, at) => (isOther(at) ? b.data[at]! : entry)),
  );
}
