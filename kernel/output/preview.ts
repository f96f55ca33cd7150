import { inspect, types } from "node:util";
import { knownText } from "../rich/known.ts";
import { numberText, rangeText } from "../rich/numbers.ts";

/** Bytes of UTF-8 a preview has at most. */
export const longestPreview = 2_048;

const options = {
  depth: 3,
  maxArrayLength: 20,
  maxStringLength: 600,
  breakLength: 88,
  compact: 3,
} as const;

/** Causes of an error that are told. */
const mostCauses = 5;

/** Keys of an object looked at. */
const mostKeys = 40;

/**
 * A value as a short text: what a person needs to recognise it. Tensors begin with their type, shape and
 * range; networks, checkpoints and series are told by what they are made of. Undefined has no preview.
 */
export function preview(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "object" || value === null) return shortened(inspect(value, options));
  return shortened(objectText(value));
}

function objectText(value: object): string {
  // What only pretends to be an object may do anything when it is asked.
  if (types.isProxy(value)) return inspect(value, options);
  if (isTensor(value)) return tensorText(value);
  if (types.isNativeError(value)) return errorText(value);
  const text = inspect(narrowed(value), options);
  if (!ArrayBuffer.isView(value) || value instanceof DataView) return knownText(value) ?? text;
  const numbers = value as unknown as ArrayLike<number>;
  return numbers.length > options.maxArrayLength ? `${text}\n${rangeText(numbers)}` : text;
}

/** What an error says, and what caused it; where it arose is told of errors that are thrown. */
function errorText(error: Error): string {
  const causes: string[] = [];
  let at: unknown = error;
  while (types.isNativeError(at) && causes.length < mostCauses) {
    causes.push(`${at.name}: ${at.message}`);
    at = at.cause;
  }
  if (at !== undefined) causes.push(inspect(at, options));
  return causes.join("\ncaused by ");
}

interface TensorLike {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
  /** What an entry of a similarity matrix measures. */
  readonly metric?: unknown;
}

function isTensor(value: object): value is TensorLike {
  const shape = Object.getOwnPropertyDescriptor(value, "shape")?.value as unknown;
  const data = Object.getOwnPropertyDescriptor(value, "data")?.value as unknown;
  return (
    Array.isArray(shape) &&
    shape.every((axis) => Number.isInteger(axis)) &&
    ArrayBuffer.isView(data) &&
    !(data instanceof DataView)
  );
}

/** `Float64 [2, 3], 0 … 1`, then the first rows of the last two axes. */
function tensorText({ shape, data, metric }: TensorLike): string {
  const type = data.constructor.name.replace(/Array$/, "");
  const range = rangeText(data);
  const parts = [`${type} [${shape.join(", ")}]`, range, typeof metric === "string" ? metric : ""];
  const title = parts.filter(Boolean).join(", ");
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
