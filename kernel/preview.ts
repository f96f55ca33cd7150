import { inspect } from "node:util";

/** Bytes of UTF-8 a preview has at most. */
export const longestPreview = 2_048;

const options = {
  depth: 3,
  maxArrayLength: 20,
  maxStringLength: 600,
  breakLength: 88,
  compact: 3,
} as const;

/** Keys of an object looked at. */
const mostKeys = 40;

/**
 * A value as a short text: what a person needs to recognise it. Tensors begin with their shape and
 * type. Undefined has no preview.
 */
export function preview(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return shortened(isTensor(value) ? tensorText(value) : inspect(narrowed(value), options));
}

interface TensorLike {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

function isTensor(value: unknown): value is TensorLike {
  if (typeof value !== "object" || value === null) return false;
  const { shape, data } = value as { shape?: unknown; data?: unknown };
  return (
    Array.isArray(shape) &&
    shape.every((axis) => Number.isInteger(axis)) &&
    ArrayBuffer.isView(data) &&
    !(data instanceof DataView)
  );
}

/** `Float64 [2, 3]`, then the first rows of the last two axes. */
function tensorText({ shape, data }: TensorLike): string {
  const type = data.constructor.name.replace(/Array$/, "");
  const title = `${type} [${shape.join(", ")}]`;
  const columns = shape.at(-1) ?? 1;
  const rows = columns > 0 ? Math.floor(data.length / columns) : 0;
  const [mostRows, mostColumns] = [6, 8];
  const lines = Array.from({ length: Math.min(rows, mostRows) }, (_, row) => {
    const numbers = Array.from({ length: Math.min(columns, mostColumns) }, (_, column) =>
      numberText(data[row * columns + column]!),
    );
    return `  ${numbers.join("  ")}${columns > mostColumns ? "  …" : ""}`;
  });
  if (rows > mostRows) lines.push("  …");
  return [title, ...lines].join("\n");
}

function numberText(number: number | bigint): string {
  if (typeof number === "bigint" || Number.isInteger(number)) return String(number);
  return String(Number(number.toPrecision(6)));
}

/** Inspecting formats every key of an object before it is cut: a wide one is narrowed first. */
function narrowed(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const keys = Object.keys(value);
  if (keys.length <= mostKeys) return value;
  const narrow = {};
  // Not by value: a getter may compute.
  for (const key of keys.slice(0, mostKeys)) {
    Object.defineProperty(narrow, key, Object.getOwnPropertyDescriptor(value, key)!);
  }
  return Object.assign(narrow, { "…": `${keys.length - mostKeys} more keys` });
}

/** As much of a text as a preview has room for. */
export function shortened(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= longestPreview) return text;
  let end = longestPreview - 3;
  // Not within a character: its later bytes begin with 10.
  while ((bytes[end]! & 0xc0) === 0x80) end--;
  return `${bytes.toString("utf8", 0, end)}…`;
}
