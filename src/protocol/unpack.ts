import { deepest, type Json, mark } from "./json.ts";
import { FrameError } from "./transfer.ts";
import { kinds } from "./typed.ts";

type Tagged = { readonly [key: string]: Json };

/** Turns a JSON tree and its buffers back into values. Typed arrays are views of the frame's memory. */
export class Unpacker {
  readonly #buffers: readonly Uint8Array<ArrayBuffer>[];

  constructor(buffers: readonly Uint8Array<ArrayBuffer>[]) {
    this.#buffers = buffers;
  }

  /** @throws {FrameError} for unknown tags, buffers that are not there, lengths that do not fit */
  unpack(packed: Json, depth = 0): unknown {
    if (typeof packed !== "object" || packed === null) return packed;
    // A map's entry or an array's name is one level deeper in the tree than in the value.
    if (depth > 4 * deepest) throw new FrameError(`nested more than ${deepest} levels deep`);
    if (Array.isArray(packed)) return packed.map((item) => this.unpack(item, depth + 1));
    const record = packed as Tagged;
    return Object.hasOwn(record, mark)
      ? this.#unpackTagged(record, depth + 1)
      : this.#unpackRecord(record, depth + 1);
  }

  /** In place: the record is the parser's own and every key is already its own property. */
  #unpackRecord(record: Tagged, depth: number): object {
    const values = record as Record<string, unknown>;
    for (const key of Object.keys(record)) values[key] = this.unpack(record[key]!, depth);
    return values;
  }

  #unpackTagged(record: Tagged, depth: number): unknown {
    const tag = record[mark];
    const { v, n, b } = record as { v?: Json; n?: Json; b?: Json };
    switch (tag) {
      case "undefined":
        return undefined;
      case "number":
        if (v === "-0" || v === "NaN" || v === "Infinity" || v === "-Infinity") return Number(v);
        break;
      case "bigint":
        if (typeof v === "string" && /^-?\d{1,100000}$/.test(v)) return BigInt(v);
        break;
      case "Date":
        if (v === null || typeof v === "number") return new Date(v ?? Number.NaN);
        break;
      case "RegExp":
        if (isTexts(v)) return regularExpression(v[0], v[1]);
        break;
      case "Error":
        if (isTexts(v)) return namedError(v[0], v[1]);
        break;
      case "Object":
        if (isRecord(v)) return this.#unpackRecord(v, depth);
        break;
      case "Map":
        if (isList(v) && v.every(isPair)) {
          return new Map(
            v.map(([key, item]) => [this.unpack(key!, depth), this.unpack(item!, depth)]),
          );
        }
        break;
      case "Set":
        if (isList(v)) return new Set(v.map((item) => this.unpack(item, depth)));
        break;
      case "sparse":
        if (isLength(n) && isList(v) && v.every(isPair)) return this.#unpackSparse(n, v, depth);
        break;
      case "named":
        return this.#unpackNamed(record, depth);
      case "numbers":
        return Array.from(this.#view("Float64Array", b) as Float64Array);
      case "rows":
        return this.#unpackRows(record, depth);
      case "ArrayBuffer": {
        const { buffer, byteOffset, byteLength } = this.#view("Uint8Array", b);
        return buffer.slice(byteOffset, byteOffset + byteLength);
      }
      default:
        if (typeof tag === "string" && kinds.has(tag)) return this.#view(tag, b);
        throw new FrameError(`unknown kind of value ${JSON.stringify(tag)}`);
    }
    throw new FrameError(`a value of the kind ${JSON.stringify(tag)} is malformed`);
  }

  #view(tag: string, index: Json | undefined): ArrayBufferView {
    const bytes = typeof index === "number" ? this.#buffers[index] : undefined;
    if (!bytes) {
      throw new FrameError(
        `a ${tag} names buffer ${JSON.stringify(index)}, found ${this.#buffers.length} buffers`,
      );
    }
    const { size, make } = kinds.get(tag)!;
    if (bytes.length % size !== 0) {
      throw new FrameError(`a ${tag} has ${bytes.length} bytes, expected a multiple of ${size}`);
    }
    return make(bytes.buffer, bytes.byteOffset, bytes.length / size);
  }

  #unpackSparse(length: number, entries: readonly (readonly Json[])[], depth: number): unknown[] {
    const values: unknown[] = [];
    values.length = length;
    for (const [index, item] of entries) {
      if (!isLength(index) || index >= length) {
        throw new FrameError(`entry ${JSON.stringify(index)} of an array of ${length}`);
      }
      values[index] = this.unpack(item!, depth);
    }
    return values;
  }

  #unpackNamed({ v, p }: Tagged, depth: number): unknown[] {
    const values = this.unpack(v ?? null, depth);
    if (!Array.isArray(values) || !isList(p) || !p.every(isPair)) {
      throw new FrameError("an array with names is malformed");
    }
    for (const [key, item] of p) {
      Object.defineProperty(values, String(key), {
        value: this.unpack(item!, depth),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return values;
  }

  #unpackRows({ n, k, v }: Tagged, depth: number): unknown[] {
    if (!isLength(n) || !isList(k) || !isList(v) || k.length === 0 || k.length !== v.length) {
      throw new FrameError("rows are malformed");
    }
    const columns = v.map((column) => this.#unpackColumn(column, n, depth));
    const keys = k.map(String);
    if (keys.includes("__proto__")) throw new FrameError('rows have a column "__proto__"');
    return Array.from({ length: n }, (_, index) => {
      const row: Record<string, unknown> = {};
      for (let at = 0; at < keys.length; at++) row[keys[at]!] = columns[at]![index];
      return row;
    });
  }

  #unpackColumn(packed: Json, length: number, depth: number): ArrayLike<unknown> {
    // Straight from the frame's memory: an array of a million numbers need not be made first.
    const column =
      isRecord(packed) && packed[mark] === "numbers"
        ? (this.#view("Float64Array", packed["b"]) as Float64Array)
        : this.unpack(packed, depth);
    const found = Array.isArray(column) || column instanceof Float64Array ? column.length : "none";
    if (found !== length) {
      throw new FrameError(`a column has ${found} entries, expected ${length}`);
    }
    return column as ArrayLike<unknown>;
  }
}

function regularExpression(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch {
    throw new FrameError(`invalid regular expression /${source}/${flags}`);
  }
}

function namedError(name: string, message: string): Error {
  const error = new Error(message);
  Object.defineProperty(error, "name", { value: name, configurable: true, writable: true });
  return error;
}

function isRecord(value: Json | undefined): value is Tagged {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isPair(value: Json): value is readonly Json[] {
  return Array.isArray(value) && value.length === 2;
}

function isTexts(value: Json | undefined): value is readonly [string, string] {
  return isList(value) && value.length === 2 && value.every((item) => typeof item === "string");
}

function isLength(value: Json | undefined): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32;
}
