import { fault, unsigned64, utf8, viewOf } from "../bytes.ts";
import type { ByteSource, CheckpointIndex, StoredType, TensorInfo } from "../checkpoint.ts";
import { contentsOf } from "../contents.ts";
import { elementSize, elementsOf } from "../element.ts";
import { type Json, parseJson } from "../json.ts";

/** Longest header the format allows. */
const headerLimit = 100_000_000;

interface Placed extends TensorInfo {
  readonly begin: number;
  readonly end: number;
}

/**
 * What a safetensors file holds: 8 bytes header length, a JSON header, then the tensors one after the
 * other without gaps. Every claim of the header is checked against the file before a number is read.
 *
 * @throws {CheckpointError} naming the tensor and field that is wrong
 */
export async function readSafetensors(source: ByteSource): Promise<CheckpointIndex> {
  const { name, size } = source;
  if (size < 8) throw fault(name, `expected 8 bytes of header length, found ${size} bytes`);
  const length = unsigned64(viewOf(await source.read(0, 8)), 0);
  if (length === undefined || length > headerLimit || 8 + length > size) {
    throw fault(
      name,
      `expected a header length of at most ${Math.min(headerLimit, size - 8)} bytes, found ${length ?? "more than 2^53"}`,
    );
  }
  const header = headerOf(name, await source.read(8, length));
  const start = 8 + length;
  const tensors = new Map<string, Placed>();
  let metadata: Readonly<Record<string, string>> = {};
  for (const [key, value] of header) {
    if (key === "__metadata__") metadata = metadataOf(name, value);
    else tensors.set(key, placed(name, key, value));
  }
  checkCoverage(name, tensors, size - start);
  return contentsOf(source, {
    format: "safetensors",
    tensors,
    metadata,
    bytes: ({ begin, end }) => source.read(start + begin, end - begin),
  });
}

function headerOf(source: string, bytes: Uint8Array): ReadonlyMap<string, Json> {
  const text = utf8(bytes);
  if (text === undefined) throw fault(source, "expected a header in UTF-8, found other bytes");
  let header: Json;
  try {
    header = parseJson(text);
  } catch (error) {
    throw fault(source, `the header is not valid JSON: ${(error as Error).message}`);
  }
  if (header instanceof Map) return header;
  throw fault(source, "expected a header that is a JSON object, found another value");
}

function metadataOf(source: string, value: Json): Readonly<Record<string, string>> {
  if (value instanceof Map && [...value.values()].every((text) => typeof text === "string")) {
    return Object.fromEntries(value) as Record<string, string>;
  }
  throw fault(source, "expected __metadata__ to be an object of strings, found other values");
}

function placed(source: string, name: string, value: Json): Placed {
  if (!(value instanceof Map)) throw fault(source, "expected an object, found another value", name);
  const unknown = [...value.keys()].find(
    (key) => key !== "dtype" && key !== "shape" && key !== "data_offsets",
  );
  if (unknown !== undefined) {
    throw fault(source, `expected dtype, shape and data_offsets, found "${unknown}"`, name);
  }
  const type: Json = value.get("dtype") ?? null;
  if (typeof type !== "string" || !Object.hasOwn(elementSize, type)) {
    const known = Object.keys(elementSize).join(", ");
    throw fault(
      source,
      `expected dtype to be one of ${known}, found ${JSON.stringify(type)}`,
      name,
    );
  }
  const shape = wholeNumbers(value.get("shape"));
  const count = shape && elementsOf(shape);
  if (shape === undefined || count === undefined) {
    const found = JSON.stringify(value.get("shape") ?? null);
    throw fault(source, `expected shape to be a list of sizes, found ${found}`, name);
  }
  const [begin, end, ...rest] = wholeNumbers(value.get("data_offsets")) ?? [];
  if (begin === undefined || end === undefined || rest.length > 0 || end < begin) {
    const found = JSON.stringify(value.get("data_offsets") ?? null);
    throw fault(
      source,
      `expected data_offsets [begin, end] with begin ≤ end, found ${found}`,
      name,
    );
  }
  const bytes = count * elementSize[type as StoredType];
  if (end - begin !== bytes) {
    throw fault(
      source,
      `expected ${bytes} bytes for ${type} [${shape.join(", ")}], found data_offsets of ${end - begin} bytes`,
      name,
    );
  }
  return { type: type as StoredType, shape, begin, end };
}

function wholeNumbers(value: Json | undefined): number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const whole = value.every((item) => Number.isSafeInteger(item) && item >= 0);
  return whole ? (value as number[]) : undefined;
}

/** The format's rule against hidden or shared bytes: tensors cover the data once, without a gap. */
function checkCoverage(source: string, tensors: ReadonlyMap<string, Placed>, size: number): void {
  const order = [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const [name, { begin, end }] of order) {
    if (begin !== covered) {
      const where = begin < covered ? "overlapping another" : "after a gap";
      throw fault(source, `expected it to begin at ${covered}, found ${begin}, ${where}`, name);
    }
    if (end > size) throw fault(source, `expected data up to ${end}, found ${size} bytes`, name);
    covered = end;
  }
  if (covered !== size) {
    throw fault(source, `expected ${covered} bytes of tensors, found ${size} bytes of data`);
  }
}
