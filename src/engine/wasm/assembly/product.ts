// Products of packed matrices.
//
// A matrix X [rows, inner] is packed in panels of `lanes` rows (4 float64, 8 float32: always 32 bytes):
// for each inner index k, the panel holds X[p·lanes … p·lanes + lanes − 1, k] side by side. Rows are
// padded with zeros to whole panels. `stride` is the distance in bytes between panels.

/** Bytes of one inner index of a panel. */
export const UNIT: usize = 32;
/** Inner indices whose products are summed in registers before they meet memory. */
const DEPTH: usize = 256 * UNIT;
/** Tiles of Y that stay in the second-level cache while X passes by. */
const TILES: usize = 32;

/** Rows of one panel. */
// @ts-ignore: decorator
@inline
export function lanes<T>(): usize {
  return UNIT / sizeof<T>();
}

/** Panels that hold `rows` rows. */
// @ts-ignore: decorator
@inline
export function panels<T>(rows: usize): usize {
  return (rows + lanes<T>() - 1) / lanes<T>();
}

/**
 * Four rows of Y times one panel of X over the inner units from `x` to `end`. Row i of the tile, 32
 * bytes, goes to z + i·row, added to what is there when `add`. The inner loop ends on a pointer
 * comparison: with a counter it runs at five sixths of the speed.
 */
// @ts-ignore: decorator
@inline
export function tile<T>(x: usize, end: usize, y: usize, z: usize, row: usize, add: bool): void {
  let c00 = i64x2.splat(0);
  let c01 = i64x2.splat(0);
  let c10 = i64x2.splat(0);
  let c11 = i64x2.splat(0);
  let c20 = i64x2.splat(0);
  let c21 = i64x2.splat(0);
  let c30 = i64x2.splat(0);
  let c31 = i64x2.splat(0);
  do {
    const x0 = v128.load(x);
    const x1 = v128.load(x, 16);
    const y0 = v128.load_splat<T>(y);
    c00 = v128.add<T>(c00, v128.mul<T>(x0, y0));
    c01 = v128.add<T>(c01, v128.mul<T>(x1, y0));
    const y1 = v128.load_splat<T>(y, sizeof<T>());
    c10 = v128.add<T>(c10, v128.mul<T>(x0, y1));
    c11 = v128.add<T>(c11, v128.mul<T>(x1, y1));
    const y2 = v128.load_splat<T>(y, 2 * sizeof<T>());
    c20 = v128.add<T>(c20, v128.mul<T>(x0, y2));
    c21 = v128.add<T>(c21, v128.mul<T>(x1, y2));
    const y3 = v128.load_splat<T>(y, 3 * sizeof<T>());
    c30 = v128.add<T>(c30, v128.mul<T>(x0, y3));
    c31 = v128.add<T>(c31, v128.mul<T>(x1, y3));
    x += UNIT;
    y += UNIT;
  } while (x < end);
  if (add) {
    c00 = v128.add<T>(v128.load(z), c00);
    c01 = v128.add<T>(v128.load(z, 16), c01);
    c10 = v128.add<T>(v128.load(z + row), c10);
    c11 = v128.add<T>(v128.load(z + row, 16), c11);
    c20 = v128.add<T>(v128.load(z + 2 * row), c20);
    c21 = v128.add<T>(v128.load(z + 2 * row, 16), c21);
    c30 = v128.add<T>(v128.load(z + 3 * row), c30);
    c31 = v128.add<T>(v128.load(z + 3 * row, 16), c31);
  }
  v128.store(z, c00);
  v128.store(z, c01, 16);
  v128.store(z + row, c10);
  v128.store(z + row, c11, 16);
  v128.store(z + 2 * row, c20);
  v128.store(z + 2 * row, c21, 16);
  v128.store(z + 3 * row, c30);
  v128.store(z + 3 * row, c31, 16);
}

/**
 * Z = X·Yᵀ for packed X and Y over `inner` indices. Entry (i of Y, panel p of X) is the 32 bytes at
 * z + p·zPanel + i·zRow. With zRow = 32 and zPanel = 32 · (padded rows of Y), Z is packed like X, its
 * inner index running over the rows of Y; with zPanel = 32, Zᵀ is row-major with row length zRow.
 * Sums run in one fixed order whatever the caller splits off.
 */
export function product<T>(
  x: usize, xPanels: usize, xStride: usize,
  y: usize, yPanels: usize, yStride: usize,
  inner: usize, z: usize, zPanel: usize, zRow: usize,
): void {
  const tilesPerPanel = lanes<T>() / 4;
  const tiles = yPanels * tilesPerPanel;
  if (inner == 0) {
    for (let p: usize = 0; p < xPanels; p++) {
      for (let i: usize = 0; i < tiles * 4; i++) memory.fill(z + p * zPanel + i * zRow, 0, UNIT);
    }
    return;
  }
  const length = inner * UNIT;
  for (let from: usize = 0; from < length; from += DEPTH) {
    const to = min(from + DEPTH, length);
    for (let first: usize = 0; first < tiles; first += TILES) {
      const last = min(first + TILES, tiles);
      for (let p: usize = 0; p < xPanels; p++) {
        const xp = x + p * xStride;
        const zp = z + p * zPanel;
        for (let t = first; t < last; t++) {
          const yt = y + (t / tilesPerPanel) * yStride + (t % tilesPerPanel) * 16 + from;
          tile<T>(xp + from, xp + to, yt, zp + t * 4 * zRow, zRow, from > 0);
        }
      }
    }
  }
}
