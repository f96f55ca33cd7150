import type { Numbers } from "../../tensor/index.ts";

const bits = new DataView(new ArrayBuffer(8));

/**
 * The exponent e with 2^e ≤ |x| < 2^(e+1), from the number's own bits. 0 for zero, infinity and NaN,
 * from which no power of two can be taken; −1023 for every subnormal number.
 */
export function exponentOf(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return 0;
  bits.setFloat64(0, x);
  return ((bits.getUint16(0) >> 4) & 0x7ff) - 1023;
}

/** The largest |x| of `data`, NaN when there is one, 0 when there is none. */
export function largest(data: Numbers): number {
  let a = 0;
  let b = 0;
  // Of two numbers at a time neither waits for the other.
  let k = 0;
  for (; k + 1 < data.length; k += 2) {
    const x = Math.abs(data[k]!);
    const y = Math.abs(data[k + 1]!);
    if (!(x <= a)) a = x;
    if (!(y <= b)) b = y;
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  }
  return k < data.length ? Math.max(a, b, Math.abs(data[k]!)) : Math.max(a, b);
}

/** Two powers of two whose product is 2^exponent, which alone may be out of range where x·2^exponent is not. */
export function factorsOf(exponent: number): readonly [number, number] {
  const half = Math.trunc(exponent / 2);
  return [2 ** half, 2 ** (exponent - half)];
}

/** Writes x·2^exponent for each x of `source`: exact, unless it leaves the range of `target`. */
export function scale(source: Numbers, exponent: number, target: Numbers): void {
  const [half, rest] = factorsOf(exponent);
  for (let i = 0; i < target.length; i++) target[i] = source[i]! * half * rest;
}

/** Takes the power of two out of `data`, so that the largest |x| lies in [1, 2); returns its exponent. */
export function normalise(data: Numbers): number {
  const exponent = exponentOf(largest(data));
  if (exponent !== 0) scale(data, -exponent, data);
  return exponent;
}

/** Exponents of values that sums and products of a few can be made of without leaving float64. */
const comfortable = 500;

/**
 * Puts 2^exponent back into `slices` where the result is of a comfortable size, and returns what is
 * left outside: 0, or the exponent itself.
 */
export function putBack(slices: Float64Array, exponent: number): number {
  if (exponent === 0) return 0;
  const max = largest(slices);
  if (max === 0) return 0;
  if (Number.isFinite(max) && Math.abs(exponentOf(max) + exponent) > comfortable) return exponent;
  scale(slices, exponent, slices);
  return 0;
}
