import { fault, utf8, viewOf } from "../bytes.ts";
import type { StoredType, TensorInfo } from "../checkpoint.ts";
import { elementSize, elementsOf } from "../element.ts";
import { type Literal, literalText, parseLiteral } from "./literal.ts";

/** What the header of a .npy file tells of the array after it. */
export interface NpyHeader extends TensorInfo {
  /** Where the array begins. */
  readonly start: number;
  /** Bytes of the array. */
  readonly length: number;
  /** True when the first axis varies fastest. */
  readonly fortran: boolean;
  readonly bigEndian: boolean;
}

const types: Readonly<Record<string, StoredType>> = {
  f8: "F64",
  f4: "F32",
  f2: "F16",
  i8: "I64",
  i4: "I32",
  i2: "I16",
  i1: "I8",
  u8: "U64",
  u4: "U32",
  u2: "U16",
  u1: "U8",
  b1: "BOOL",
};

/** Bytes that tell where a header ends: magic, version and length. */
export const prefixLength = 12;
const headerLimit = 1 << 20;

/** Bytes from the start of the file to the end of its header, from its first twelve. */
export function npyStart(source: string, prefix: Uint8Array, tensor?: string): number {
  if (prefix.length < 10) {
    throw fault(source, `expected a .npy header, found ${prefix.length} bytes`, tensor);
  }
  const magic = "\x93NUMPY";
  if ([...magic].some((sign, i) => prefix[i] !== sign.charCodeAt(0))) {
    throw fault(source, "expected a .npy file, found other bytes", tensor);
  }
  const [major, minor] = [prefix[6]!, prefix[7]!];
  if (major < 1 || major > 3 || minor !== 0) {
    throw fault(source, `expected .npy version 1.0, 2.0 or 3.0, found ${major}.${minor}`, tensor);
  }
  if (major > 1 && prefix.length < prefixLength) {
    throw fault(source, `expected a .npy header, found ${prefix.length} bytes`, tensor);
  }
  const view = viewOf(prefix);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > headerLimit) {
    throw fault(
      source,
      `expected a header of at most ${headerLimit} bytes, found ${length}`,
      tensor,
    );
  }
  return (major === 1 ? 10 : 12) + length;
}

/**
 * The header of a .npy file of `size` bytes, from its first bytes up to the array.
 *
 * @throws {CheckpointError} naming the field that is wrong, or an element type that is no number
 */
export function npyHeader(
  source: string,
  head: Uint8Array,
  size: number,
  tensor?: string,
): NpyHeader {
  const start = npyStart(source, head.subarray(0, prefixLength), tensor);
  if (head.length < start) {
    throw fault(source, `expected a header of ${start} bytes, found ${head.length}`, tensor);
  }
  const bytes = head.subarray(head[6] === 1 ? 10 : 12, start);
  const text = head[6] === 3 ? utf8(bytes) : new TextDecoder("latin1").decode(bytes);
  if (text === undefined)
    throw fault(source, "expected a header in UTF-8, found other bytes", tensor);
  let fields: Literal;
  try {
    fields = parseLiteral(text);
  } catch (error) {
    throw fault(source, `the .npy header cannot be read: ${(error as Error).message}`, tensor);
  }
  const refuse = (field: string, expected: string, found: Literal | undefined): never => {
    const shown = found === undefined ? "nothing" : literalText(found).slice(0, 200);
    throw fault(source, `expected ${field} ${expected}, found ${shown}`, tensor);
  };
  if (!(fields instanceof Map) || fields.size !== 3) {
    const keys = fields instanceof Map ? [...fields.keys()].join(", ") : "another value";
    throw fault(source, `expected descr, fortran_order and shape, found ${keys}`, tensor);
  }
  const descr: Literal | undefined = fields.get("descr");
  const [, order, code] = /^([<>|=])([a-z]\d+)$/.exec(typeof descr === "string" ? descr : "") ?? [];
  const type = code !== undefined && Object.hasOwn(types, code) ? types[code] : undefined;
  if (type === undefined || order === undefined || order === "=") {
    return refuse("descr", reasonFor(descr), descr);
  }
  if (order === "|" && elementSize[type] > 1) return refuse("descr", "with a byte order", descr);
  const fortran = fields.get("fortran_order");
  if (typeof fortran !== "boolean") return refuse("fortran_order", "True or False", fortran);
  const shapeField = fields.get("shape");
  const shape = sizesOf(shapeField);
  const count = shape && elementsOf(shape);
  if (shape === undefined || count === undefined) {
    return refuse("shape", "as a tuple of sizes", shapeField);
  }
  const length = count * elementSize[type];
  if (start + length !== size) {
    throw fault(
      source,
      `expected ${length} bytes for ${type} [${shape.join(", ")}], found ${size - start}`,
      tensor,
    );
  }
  return { type, shape, start, length, fortran, bigEndian: order === ">" };
}

function reasonFor(descr: Literal | undefined): string {
  if (typeof descr !== "string") return "of one number type, not a structured one";
  if (/O/.test(descr)) return "of numbers, not of Python objects";
  if (/^.?V2$/.test(descr))
    return "of a number type NumPy can name (bfloat16 has no name; save it as float32)";
  return `of one of ${Object.keys(types).join(", ")}`;
}

function sizesOf(value: Literal | undefined): number[] | undefined {
  if (typeof value !== "object" || value === null || value instanceof Map) return undefined;
  if (!("kind" in value) || value.kind !== "tuple") return undefined;
  const whole = value.items.every((item) => Number.isSafeInteger(item) && (item as number) >= 0);
  return whole ? (value.items as number[]) : undefined;
}
