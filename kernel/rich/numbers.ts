/** Numbers looked at, so that a preview takes no longer than a blink. */
const mostLooked = 4_000_000;

/**
 * What numbers are like: `0.12 … 1`, and how many are none. Of very many the first are looked at, and it
 * says so.
 */
export function rangeText(data: ArrayLike<number | bigint>): string {
  const looked = Math.min(data.length, mostLooked);
  let [low, high]: [number | bigint, number | bigint] = [Infinity, -Infinity];
  let [nan, infinite] = [0, 0];
  for (let i = 0; i < looked; i++) {
    const value = data[i]!;
    if (Number.isNaN(value)) nan++;
    else if (value === Infinity || value === -Infinity) infinite++;
    else {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const range =
    low > high ? "" : low === high ? numberText(low) : `${numberText(low)} … ${numberText(high)}`;
  const parts = [
    range,
    nan > 0 ? `${nan.toLocaleString("en")} NaN` : "",
    infinite > 0 ? `${infinite.toLocaleString("en")} infinite` : "",
  ].filter(Boolean);
  const of = looked < data.length ? ` (of the first ${looked.toLocaleString("en")})` : "";
  return parts.join(", ") + of;
}

/** A number with six significant digits at most. */
export function numberText(number: number | bigint): string {
  if (typeof number === "bigint" || Number.isInteger(number)) return String(number);
  return String(Number(number.toPrecision(6)));
}
