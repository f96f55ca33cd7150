/** A binary float in 16 bits: sign, exponent, mantissa. */
export interface SmallFloat {
  readonly mantissaBits: number;
  readonly bias: number;
  /** Largest finite value. */
  readonly largest: number;
}

/** The two 16-bit float formats of checkpoints: IEEE half and bfloat16. */
export const smallFloats: Readonly<Record<"F16" | "BF16", SmallFloat>> = {
  F16: { mantissaBits: 10, bias: 15, largest: 65504 },
  BF16: { mantissaBits: 7, bias: 127, largest: 3.3895313892515355e38 },
};

/** The value of 16 bits, exactly. */
function decodedSmallFloat(bits: number, format: SmallFloat): number {
  const { mantissaBits, bias } = format;
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits & 0x7fff) >> mantissaBits;
  const fraction = bits & ((1 << mantissaBits) - 1);
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias - mantissaBits);
  if (exponent === 0x7fff >> mantissaBits) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (fraction + (1 << mantissaBits)) * 2 ** (exponent - bias - mantissaBits);
}

const tables = new Map<SmallFloat, Float64Array>();

/** The values of many: looked up in a table of all 65,536, made when first needed. */
export function decodedSmallFloats(bits: Uint16Array, format: SmallFloat): Float64Array {
  let table = tables.get(format);
  if (table === undefined) {
    table = Float64Array.from({ length: 0x10000 }, (_, one) => decodedSmallFloat(one, format));
    tables.set(format, table);
  }
  const values = new Float64Array(bits.length);
  for (let i = 0; i < bits.length; i++) values[i] = table[bits[i]!]!;
  return values;
}

/**
 * The 16 bits nearest to `value`, ties to even, rounded once from float64 (by way of float32 it would be
 * rounded twice); undefined when a finite value is beyond the format.
 */
export function smallFloatBits(value: number, format: SmallFloat): number | undefined {
  const { mantissaBits, bias } = format;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const infinity = (0x7fff >> mantissaBits) << mantissaBits;
  if (Number.isNaN(value)) return infinity | (1 << (mantissaBits - 1));
  const size = Math.abs(value);
  if (size === Infinity) return sign | infinity;
  const exponent = Math.max(exponentOf(size), 1 - bias);
  // Scaling by a power of two is exact: all rounding is in the one step to a whole number.
  const mantissa = nearestEven(size * 2 ** (mantissaBits - exponent));
  // A mantissa that rounded up to the next power of two carries into the exponent, as it should.
  const bits = ((exponent + bias - 1) << mantissaBits) + mantissa;
  return bits < infinity ? sign | bits : undefined;
}

const scratch = new DataView(new ArrayBuffer(8));

/** ⌊log₂ size⌋ of a normal float64; −1023 for smaller ones. */
function exponentOf(size: number): number {
  scratch.setFloat64(0, size);
  return ((scratch.getUint16(0) >> 4) & 0x7ff) - 1023;
}

function nearestEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
