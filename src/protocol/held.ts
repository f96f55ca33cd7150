import { sizeOf } from "./size-of.ts";

/** What there is to know of a value that a name has. */
export interface HeldValue {
  readonly name: string;
  /** As `number`, `Float64Array` or the name of its class. */
  readonly type: string;
  /** Of tensors, matrices and arrays. */
  readonly shape?: readonly number[];
  /** About how many bytes it keeps in memory. */
  readonly bytes: number;
}

/** What there is to know of a value under a name. Nothing of it is called: a getter may compute. */
export function heldValue(name: string, value: unknown): HeldValue {
  const shape = shapeOf(value);
  return { name, type: typeOf(value), ...(shape && { shape }), bytes: sizeOf(value) };
}

/** A value in a few words: itself when it is short, else its type and shape. */
export function shortText(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > longest ? `${value.slice(0, longest)}…` : value);
  }
  if (typeof value === "number") {
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  }
  if (typeof value !== "object" || value === null) {
    return typeof value === "function" ? typeOf(value) : String(value);
  }
  const shape = shapeOf(value);
  if (Array.isArray(value) && value.length <= 4 && value.every(isShort)) {
    return `[${value.map(shortText).join(", ")}]`;
  }
  return `${typeOf(value)}${shape ? ` [${shape.join(", ")}]` : ""}`;
}

const longest = 24;

function isShort(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean";
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "function") {
    return /^class\b/.test(Function.prototype.toString.call(value)) ? "class" : "function";
  }
  if (typeof value !== "object") return typeof value;
  const data = own(value, "data");
  const isTensor = ArrayBuffer.isView(data) && shapeOf(value) !== undefined;
  const prototype: unknown = isTensor ? Object.getPrototypeOf(data) : Object.getPrototypeOf(value);
  const made = prototype === null ? undefined : own(prototype as object, "constructor");
  const name: unknown = typeof made === "function" ? own(made, "name") : undefined;
  if (typeof name !== "string" || name === "") return "object";
  return isTensor ? name.replace(/Array$/, "") : name;
}

/** Of tensors theirs; of arrays, typed arrays, maps and sets how many there are. */
function shapeOf(value: unknown): readonly number[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) return [value.length];
  if (value instanceof Map || value instanceof Set) return [value.size];
  if (ArrayBuffer.isView(value)) {
    const { byteLength } = value;
    return [(value as { readonly length?: number }).length ?? byteLength];
  }
  const shape = own(value, "shape");
  const isShape = Array.isArray(shape) && shape.every((axis) => Number.isInteger(axis));
  return isShape ? (shape as number[]) : undefined;
}

function own(value: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}
