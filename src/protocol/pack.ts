import { packNumbers, packRows } from "./columns.ts";
import { deepest, isPlain, type Json, mark, type Packing } from "./json.ts";
import { type Step, TransferError, transfer } from "./transfer.ts";
import { kinds } from "./typed.ts";

/** Turns values into a JSON tree and the raw buffers that it names by index. */
export class Packer implements Packing {
  readonly buffers: Uint8Array[] = [];
  readonly #indices = new Map<ArrayBufferLike, Map<string, number>>();
  readonly #ancestors = new Map<object, readonly Step[]>();

  /** @throws {TransferError} for functions, symbols, instances of classes, cycles */
  pack(value: unknown, path: readonly Step[]): Json {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : { [mark]: "number", v: Object.is(value, -0) ? "-0" : String(value) };
      case "undefined":
        return { [mark]: "undefined" };
      case "bigint":
        return { [mark]: "bigint", v: String(value) };
      case "function":
        throw new TransferError(path, "is a function");
      case "symbol":
        throw new TransferError(path, "is a symbol");
      case "object":
        return value === null ? null : this.#packObject(value, path);
    }
  }

  bytes(buffer: ArrayBufferLike, offset: number, length: number): number {
    let ranges = this.#indices.get(buffer);
    if (!ranges) {
      ranges = new Map();
      this.#indices.set(buffer, ranges);
    }
    const range = `${offset}+${length}`;
    let index = ranges.get(range);
    if (index === undefined) {
      index = this.buffers.push(new Uint8Array(buffer, offset, length)) - 1;
      ranges.set(range, index);
    }
    return index;
  }

  #packObject(value: object, path: readonly Step[]): Json {
    const above = this.#ancestors.get(value);
    if (above) {
      const name = above.length === 0 ? "the whole" : String(above.at(-1));
      throw new TransferError(path, `refers back to ${name}, and a cycle cannot travel`);
    }
    if (path.length > deepest) {
      throw new TransferError(path.slice(0, 3), `is nested more than ${deepest} levels deep`);
    }
    this.#ancestors.set(value, path);
    const packed = this.#packKind(value, path);
    this.#ancestors.delete(value);
    return packed;
  }

  #packKind(value: object, path: readonly Step[]): Json {
    const hook: unknown = Reflect.get(value, transfer);
    if (typeof hook === "function") return this.pack(hook.call(value), path);
    if (Array.isArray(value)) return this.#packArray(value, path);
    if (ArrayBuffer.isView(value)) {
      const tag = Object.prototype.toString.call(value).slice(8, -1);
      if (!kinds.has(tag)) throw new TransferError(path, `is of the unknown kind ${tag}`);
      return { [mark]: tag, b: this.bytes(value.buffer, value.byteOffset, value.byteLength) };
    }
    if (value instanceof ArrayBuffer || isShared(value)) {
      return { [mark]: "ArrayBuffer", b: this.bytes(value, 0, value.byteLength) };
    }
    if (value instanceof Map) {
      const entries = Array.from(value as Map<unknown, unknown>, ([key, item], index) => [
        this.pack(key, [...path, `key ${index + 1}`]),
        this.pack(item, [...path, typeof key === "string" ? key : `value ${index + 1}`]),
      ]);
      return { [mark]: "Map", v: entries };
    }
    if (value instanceof Set) {
      const items = Array.from(value, (item, index) => this.pack(item, [...path, index]));
      return { [mark]: "Set", v: items };
    }
    if (value instanceof Date) {
      const time = value.getTime();
      return { [mark]: "Date", v: Number.isNaN(time) ? null : time };
    }
    if (value instanceof RegExp) return { [mark]: "RegExp", v: [value.source, value.flags] };
    if (value instanceof Error) {
      return { [mark]: "Error", v: [String(value.name), String(value.message)] };
    }
    if (isPlain(value)) return this.#packRecord(value, path);
    const name = value.constructor?.name || "object of a class";
    const article = /^[AEIO]|^HTML|^SVG/.test(name) ? "an" : "a";
    throw new TransferError(path, `is ${article} ${name}, expected plain data`);
  }

  #packArray(value: readonly unknown[], path: readonly Step[]): Json {
    // Integer keys come first and in order: the nth being n - 1 means that there is no hole.
    const keys = Object.keys(value);
    const size = value.length;
    const dense = size === 0 || keys[size - 1] === String(size - 1);
    const named = dense ? keys.slice(size) : keys.filter((key) => !isIndex(key));
    const entry = (key: string): Json => [key, this.pack(Reflect.get(value, key), [...path, key])];
    const entries = dense
      ? (packNumbers(value, this) ??
        packRows(value, this, path) ??
        value.map((item, index) => this.pack(item, [...path, index])))
      : {
          [mark]: "sparse",
          n: size,
          v: keys
            .filter(isIndex)
            .map((key) => [
              Number(key),
              this.pack(Reflect.get(value, key), [...path, Number(key)]),
            ]),
        };
    // Named properties beside the entries, as `columns` on the rows that d3.csv returns.
    return named.length === 0 ? entries : { [mark]: "named", v: entries, p: named.map(entry) };
  }

  #packRecord(value: object, path: readonly Step[]): Json {
    const packed: Record<string, Json> = {};
    for (const key of Object.keys(value)) {
      const item = this.pack(Reflect.get(value, key), [...path, key]);
      if (key === "__proto__") {
        Object.defineProperty(packed, key, { value: item, enumerable: true });
      } else packed[key] = item;
    }
    return Object.hasOwn(packed, mark) ? { [mark]: "Object", v: packed } : packed;
  }
}

function isShared(value: object): value is SharedArrayBuffer {
  return typeof SharedArrayBuffer !== "undefined" && value instanceof SharedArrayBuffer;
}

function isIndex(key: string): boolean {
  return /^(0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;
}
