import { type Colour, divergingMap, sequentialMap } from "./colour.ts";

/** Which number has which colour. */
export interface ColourScale {
  readonly domain: readonly [low: number, high: number];
  /** The value that is drawn like the paper; undefined for a sequential scale. */
  readonly centre: number | undefined;
  /** Colour of a finite value; beyond the domain that of its end. */
  colour(value: number): Colour;
}

/** What a chart may say of its scale; the rest follows from the values. */
export interface ScaleOptions {
  readonly domain?: readonly [low: number, high: number];
  /** A value makes the scale diverge from it; null makes it sequential. */
  readonly centre?: number | null;
}

/** Values this little below 0, as a part of the largest, are rounding and no second direction. */
const negligible = 0.02;

/**
 * The scale of `values`. Values within [−1, 1] are taken for cosines and get the whole of [0, 1], or of
 * [−1, 1] when some are negative, so that two charts can be compared by eye; others get their extent.
 * Negative values make it diverge from 0.
 */
export function colourScale(
  values: ArrayLike<number>,
  { domain, centre }: ScaleOptions,
  isDark: boolean,
): ColourScale {
  const [low, high] = domain ?? usualDomain(extent(values));
  const middle =
    centre === undefined ? (low < 0 && high > 0 ? 0 : undefined) : (centre ?? undefined);
  if (middle === undefined) {
    const map = sequentialMap(isDark);
    return {
      domain: [low, high],
      centre: undefined,
      colour: (value) => entry(map, (value - low) / (high - low || 1)),
    };
  }
  const map = divergingMap(isDark);
  const reach = Math.max(high - middle, middle - low) || 1;
  return {
    domain: [low, high],
    centre: middle,
    colour: (value) => {
      const inside = Math.min(high, Math.max(low, value));
      return entry(map, 0.5 + (inside - middle) / (2 * reach));
    },
  };
}

function entry(map: readonly Colour[], t: number): Colour {
  return map[Math.round(255 * Math.min(1, Math.max(0, t)))]!;
}

function usualDomain([low, high]: readonly [number, number]): readonly [number, number] {
  // Cosines are not clamped: in float32 one may be a little more than 1.
  const isCosine = low >= -1 - 1e-5 && high <= 1 + 1e-5 && high > 0;
  const isSigned = low < -negligible * Math.max(high, -low);
  if (isCosine) return isSigned ? [-1, 1] : [0, 1];
  return [low, high];
}

/** Smallest and largest finite value; [0, 1] when there is none. */
export function extent(values: ArrayLike<number>): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}
