import type { Tensor } from "../tensor/index.ts";
import { byteSwapped } from "./bytes.ts";
import { CheckpointError, type StoredTensor, type StoredType } from "./checkpoint.ts";
import { decodedSmallFloats, smallFloatBits, smallFloats } from "./small-float.ts";

/** Bytes of one element of each type. */
export const elementSize: Readonly<Record<StoredType, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
};

const arrays = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I64: BigInt64Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U64: BigUint64Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const;

export const littleEndianHost: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Number of elements of a shape, the product of its axes; undefined when an axis is not a whole number
 * ≥ 0 or the product is beyond 2^53 − 1.
 */
export function elementsOf(shape: readonly number[]): number | undefined {
  let size = 1;
  for (const axis of shape) {
    if (!Number.isSafeInteger(axis) || axis < 0) return undefined;
    size *= axis;
  }
  if (shape.includes(0)) return 0;
  return Number.isSafeInteger(size) ? size : undefined;
}

/**
 * The numbers of a stored tensor in float64, in its shape [d₀, d₁, …], row-major. Exact for every type but I64 and U64, whose
 * integers beyond 2^53 are rounded to the nearest float64; BOOL gives 0 for zero bytes and 1 for others.
 *
 * @throws {CheckpointError} when the bytes are not product(shape) elements
 */
export function tensorOf(stored: StoredTensor, name = "unnamed"): Tensor {
  const { type, shape, bytes } = stored;
  const count = elementsOf(shape);
  if (count === undefined || bytes.length !== count * elementSize[type]) {
    throw new CheckpointError(
      `Cannot decode tensor "${name}": expected ${count === undefined ? "a valid shape" : `${count * elementSize[type]} bytes`} for ${type} [${shape.join(", ")}], found ${bytes.length} bytes`,
    );
  }
  const size = elementSize[type];
  const ordered = littleEndianHost ? bytes : byteSwapped(bytes, size);
  const aligned = ordered.byteOffset % size === 0 ? ordered : ordered.slice();
  const elements = new arrays[type](aligned.buffer as ArrayBuffer, aligned.byteOffset, count);
  if (type === "F16" || type === "BF16") {
    return { shape, data: decodedSmallFloats(elements as Uint16Array, smallFloats[type]) };
  }
  if (type === "BOOL") {
    return {
      shape,
      data: Float64Array.from(elements as Uint8Array, (byte) => (byte === 0 ? 0 : 1)),
    };
  }
  if (elements instanceof BigInt64Array || elements instanceof BigUint64Array) {
    const data = new Float64Array(count);
    for (let i = 0; i < count; i++) data[i] = Number(elements[i]);
    return { shape, data };
  }
  return { shape, data: Float64Array.from(elements) };
}

/**
 * A tensor of any shape [d₀, d₁, …] stored as `type`, row-major. Floats are rounded to the nearest, ties to even; NaN and infinities are
 * kept, and so is everything by F64. Nothing is changed beyond that rounding.
 *
 * @throws {CheckpointError} when a finite number is beyond the range of `type`, or `type` is for
 * integers and the number is none of them
 */
export function storedOf(tensor: Tensor, type: StoredType, name = "unnamed"): StoredTensor {
  const { shape, data } = tensor;
  const elements = new arrays[type](data.length);
  const refuse = (i: number, expected: string): never => {
    throw new CheckpointError(
      `Cannot store tensor "${name}" as ${type}: expected ${expected}, found ${data[i]} at position ${i}`,
    );
  };
  if (type === "F64" || type === "F32") {
    (elements as Float64Array | Float32Array).set(data);
    for (let i = 0; type === "F32" && i < data.length; i++) {
      if (!Number.isFinite(elements[i]) && Number.isFinite(data[i])) {
        refuse(i, "numbers up to ±3.4028234663852886e38");
      }
    }
  } else if (type === "F16" || type === "BF16") {
    const format = smallFloats[type];
    for (let i = 0; i < data.length; i++) {
      const bits = smallFloatBits(data[i]!, format);
      elements[i] = bits ?? refuse(i, `numbers up to ±${format.largest}`);
    }
  } else {
    const [low, high] = ranges[type];
    const exact = elements instanceof BigInt64Array || elements instanceof BigUint64Array;
    for (let i = 0; i < data.length; i++) {
      const value = data[i]!;
      if (!Number.isInteger(value) || value < low || value > high) {
        refuse(i, type === "BOOL" ? "0 or 1" : `whole numbers from ${low} to ${high}`);
      }
      if (exact) elements[i] = BigInt(value);
      else (elements as Int32Array)[i] = value;
    }
  }
  const bytes = new Uint8Array(elements.buffer);
  return {
    type,
    shape,
    bytes: littleEndianHost ? bytes : byteSwapped(bytes, elementSize[type]),
  };
}

/** Smallest and largest float64 that fits each integer type. */
const ranges = {
  I64: [-(2 ** 63), 2 ** 63 - 1024],
  I32: [-(2 ** 31), 2 ** 31 - 1],
  I16: [-(2 ** 15), 2 ** 15 - 1],
  I8: [-128, 127],
  U64: [0, 2 ** 64 - 2048],
  U32: [0, 2 ** 32 - 1],
  U16: [0, 2 ** 16 - 1],
  U8: [0, 255],
  BOOL: [0, 1],
} as const;
