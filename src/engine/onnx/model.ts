// Writes ONNX models: the few messages of onnx.proto3 that a graph of matrix products needs, in
// Protocol Buffers' wire format (https://protobuf.dev/programming-guides/encoding/).
import type { Precision } from "../../tensor/index.ts";

/** One operation of a graph. */
export interface Operation {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

/** A graph over tensors of one precision, sizes left open. */
export interface Graph {
  readonly precision: Precision;
  /** Rank of each input. */
  readonly inputs: Readonly<Record<string, number>>;
  /** Lists of whole numbers, as shapes and axes. */
  readonly constants: Readonly<Record<string, readonly number[]>>;
  readonly operations: readonly Operation[];
  /** The result, and its rank. */
  readonly output: readonly [name: string, rank: number];
}

/** Version of the file format, and of the standard operations. */
const format = 8;
const operations = 17;

/** Numbers of the element types in onnx.proto3. */
const elementType = { float32: 1, float64: 11, int64: 7 } as const;
/** Numbers of the attribute types. */
const attributeType = { float: 1, int: 2, ints: 7 } as const;

type Bytes = readonly number[];

function varint(value: number): Bytes {
  const bytes: number[] = [];
  // BigInt: negative axes are 64-bit two's complement.
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}

const integer = (field: number, value: number): Bytes => [...varint(field << 3), ...varint(value)];
const message = (field: number, ...content: readonly Bytes[]): Bytes => {
  const bytes = content.flat();
  return [...varint((field << 3) | 2), ...varint(bytes.length), ...bytes];
};
const text = (field: number, value: string): Bytes =>
  message(field, Array.from(new TextEncoder().encode(value)));
const float = (field: number, value: number): Bytes => [
  ...varint((field << 3) | 5),
  ...new Uint8Array(Float32Array.of(value).buffer),
];

/** AttributeProto: the attributes used are floats (`alpha`) and whole numbers (all others), or lists of them. */
function attribute(name: string, value: number | readonly number[]): Bytes {
  if (typeof value !== "number") {
    const list = value.map((one) => integer(8, one));
    return message(5, text(1, name), ...list, integer(20, attributeType.ints));
  }
  return name === "alpha" || name === "beta"
    ? message(5, text(1, name), float(2, value), integer(20, attributeType.float))
    : message(5, text(1, name), integer(3, value), integer(20, attributeType.int));
}

/** NodeProto. */
function node({ type, inputs, output, attributes = {} }: Operation): Bytes {
  return message(
    1,
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(4, type),
    ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  );
}

/** ValueInfoProto in `field` of the graph; each size has a name of its own, so any fits. */
function value(field: number, name: string, rank: number, precision: Precision): Bytes {
  const sizes = Array.from({ length: rank }, (_, axis) => message(1, text(2, `${name}${axis}`)));
  const tensor = message(1, integer(1, elementType[precision]), message(2, ...sizes));
  return message(field, text(1, name), message(2, tensor));
}

/** TensorProto of int64. */
function constant(name: string, values: readonly number[]): Bytes {
  return message(
    5,
    integer(1, values.length),
    integer(2, elementType.int64),
    message(7, ...values.map(varint)),
    text(8, name),
  );
}

/** The bytes of an ONNX file that holds `graph`. */
export function modelOf({
  precision,
  inputs,
  constants,
  operations: nodes,
  output,
}: Graph): Uint8Array {
  const graph = message(
    7,
    ...nodes.map(node),
    text(2, "simile"),
    ...Object.entries(constants).map(([name, values]) => constant(name, values)),
    ...Object.entries(inputs).map(([name, rank]) => value(11, name, rank, precision)),
    value(12, ...output, precision),
  );
  const standard = message(8, text(1, ""), integer(2, operations));
  return Uint8Array.from([...integer(1, format), ...graph, ...standard]);
}
