import { type Colour, type MatrixSize, pixelsOf } from "../../charts/index.ts";

/** What a scale and a key need to know of a matrix. */
export interface MatrixStatistics {
  /** Smallest and largest finite entry; [0, 1] when there is none. */
  readonly extent: readonly [low: number, high: number];
  /** Whether some entry is not a finite number. */
  readonly hasUndefined: boolean;
}

/** More pixels than this each way are more than screens have. */
const mostPixels = 1024;

/** Entries for which colours are found before the page gets a turn. */
const entriesAtOnce = 1 << 18;

/** What a canvas shows of a matrix. */
export interface Raster extends MatrixSize {
  /** Each pixel is the mean of `block` × `block` entries. */
  readonly block: number;
}

/** How many pixels a matrix is drawn with: one per entry, or per block of entries where these are too many. */
export function rasterOf({ rows, columns }: MatrixSize): Raster {
  const block = Math.ceil(Math.max(rows, columns) / mostPixels);
  return { rows: Math.ceil(rows / block), columns: Math.ceil(columns / block), block };
}

/**
 * The means of the finite entries of blocks in the rows of pixels from `start` to `end`; NaN where a block
 * has none.
 */
export function blockMeans(
  data: ArrayLike<number>,
  { rows, columns }: MatrixSize,
  raster: Raster,
  start: number,
  end: number,
): Float64Array {
  const { block } = raster;
  const sums = new Float64Array((end - start) * raster.columns);
  const counts = new Float64Array(sums.length);
  for (let row = start * block; row < Math.min(rows, end * block); row++) {
    const base = (Math.floor(row / block) - start) * raster.columns;
    for (let column = 0; column < columns; column++) {
      const value = data[row * columns + column]!;
      if (!Number.isFinite(value)) continue;
      const at = base + Math.floor(column / block);
      sums[at]! += value;
      counts[at]! += 1;
    }
  }
  return sums.map((sum, i) => (counts[i] === 0 ? Number.NaN : sum / counts[i]!));
}

/**
 * Paints a matrix on a canvas that has the raster's size. A small one at once; a large one in bands, between
 * which the page lives, until `isWanted` says no.
 *
 * @param scaleOf is told what was found in the entries, before anything is painted
 */
export function paintRaster(
  canvas: HTMLCanvasElement,
  data: ArrayLike<number>,
  size: MatrixSize,
  raster: Raster,
  scaleOf: (found: MatrixStatistics) => (value: number) => Colour,
  isWanted: () => boolean,
): void {
  const band = Math.max(1, Math.floor(entriesAtOnce / (size.columns * raster.block)));
  const context = canvas.getContext("2d");
  inBands(data.length, 4 * entriesAtOnce, isWanted, statistics(data), (found) => {
    const colour = scaleOf(found);
    if (!context) return;
    const paint = (start: number, end: number) => {
      const isWhole = raster.block === 1 && end - start === size.rows;
      const values = isWhole ? data : blockMeans(data, size, raster, start, end);
      const image = context.createImageData(raster.columns, end - start);
      image.data.set(pixelsOf(values, colour));
      context.putImageData(image, 0, start);
    };
    inBands(raster.rows, band, isWanted, paint, () => {});
  });
}

/** Adds to what is known of the entries those from `start` to `end`; returns what is known. */
function statistics(data: ArrayLike<number>): (start: number, end: number) => MatrixStatistics {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let hasUndefined = false;
  return (start, end) => {
    for (let i = start; i < end; i++) {
      const value = data[i]!;
      if (!Number.isFinite(value)) hasUndefined = true;
      else {
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    return { extent: low <= high ? [low, high] : [0, 1], hasUndefined };
  };
}

/** Works through 0 to `count` in bands: the first at once, the others each in a turn of its own. */
function inBands<Found>(
  count: number,
  band: number,
  isWanted: () => boolean,
  work: (start: number, end: number) => Found,
  finish: (last: Found) => void,
): void {
  const next = (start: number) => {
    if (!isWanted()) return;
    const end = Math.min(count, start + band);
    const found = work(start, end);
    if (end < count) setTimeout(next, 0, end);
    else finish(found);
  };
  next(0);
}
