/** Numbers of which no more are written into JSON: beyond, their shape and type stand for them. */
const mostNumbers = 1_000;

type Numbers = ArrayLike<number | bigint> & ArrayBufferView;

/** Numbers in a shape: a typed array, or what has `shape` and `data` as tensors and matrices do. */
export interface Shaped {
  readonly shape: readonly number[];
  readonly data: Numbers;
  /** What else there is to it. */
  readonly rest: Readonly<Record<string, unknown>>;
}

/** The numbers of a value and their shape; undefined when it has none of its own. */
export function shapedOf(value: unknown): Shaped | undefined {
  if (isNumbers(value)) return { shape: [value.length], data: value, rest: {} };
  if (typeof value !== "object" || value === null) return undefined;
  const { shape, data, ...rest } = value as { readonly shape?: unknown; readonly data?: unknown };
  if (!Array.isArray(shape) || !isNumbers(data)) return undefined;
  const size = shape.reduce((product: number, axis) => product * Number(axis), 1);
  return size === data.length ? { shape: shape as number[], data, rest } : undefined;
}

function isNumbers(value: unknown): value is Numbers {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/**
 * A value as JSON can hold it. Typed arrays, tensors and matrices become `{shape, dtype, data}`, without
 * `data` beyond 1000 numbers; dates and big integers become texts, maps and sets arrays, and numbers
 * that are not finite null.
 */
export function plainOf(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  const shaped = shapedOf(value);
  if (shaped) {
    const { shape, data, rest } = shaped;
    const dtype = data.constructor.name.replace(/(?:Clamped)?Array$/, "").toLowerCase();
    const numbers = data.length <= mostNumbers && { data: Array.from(data, plainOf) };
    return { ...(plainOf(rest) as object), shape, dtype, ...numbers };
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Map) return Array.from(value, (pair) => pair.map(plainOf));
  if (Array.isArray(value) || value instanceof Set) return Array.from(value, plainOf);
  if (value instanceof ArrayBuffer || value instanceof DataView) {
    return { bytes: value.byteLength };
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plainOf(part)]));
}
