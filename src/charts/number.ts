/** A value for reading: four significant digits, a true minus sign, nothing more than needed. */
export function valueText(value: number): string {
  if (Number.isNaN(value)) return "undefined";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-3 || size >= 1e6)
      ? value.toExponential(2)
      : Number(value.toPrecision(4)).toLocaleString("en", { maximumFractionDigits: 6 });
  return text.replace("-", "−");
}

/** A value with a fixed number of digits, for a line of text that must not dance: 0.98214. */
export function steadyText(value: number, digits = 5): string {
  if (!Number.isFinite(value)) return valueText(value);
  const size = Math.abs(value);
  const text =
    size >= 1e6 || (size !== 0 && size < 1e-4) ? value.toExponential(3) : value.toFixed(digits);
  return text.replace("-", "−");
}
