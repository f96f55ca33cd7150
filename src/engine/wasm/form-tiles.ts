import type { Precision } from "../../tensor/index.ts";

/** Features of a tile, and rows and columns of one: FEATURES and EDGE in assembly/form-tile.ts. */
const features = 256;
const edge = 16;
/** The column that stands for the diagonal by itself: DIAGONAL there. */
const diagonal = 0xffffffff;

/** Bytes of a tile for a panel of networks: 32 for each feature. */
export const tileBytes: number = features * 32;

/** The tiles of symmetric [inputs, inputs] forms: on and above the diagonal, then the diagonal alone. */
export function tilesOf(inputs: number): readonly (readonly [row: number, column: number])[] {
  const rows = Math.ceil(inputs / edge);
  const tiles: [number, number][] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = row; column < rows; column++) tiles.push([row, column]);
  }
  for (let row = 0; row < Math.ceil(inputs / features); row++) tiles.push([row, diagonal]);
  return tiles;
}

/** Where the features of a number of networks lie while some tiles of them are held. */
export interface FormLayout {
  readonly panels: number;
  /** Tiles held at a time. */
  readonly tiles: number;
  /** Bytes from one output to the next, and from one panel of networks to the next. */
  readonly output: number;
  readonly panel: number;
  readonly bytes: number;
}

/** Bytes of features that are worth holding at a time. */
const held = 2 ** 25;

/** Layout for as many of `tiles` tiles as are worth holding. */
export function formLayout(
  networks: number,
  outputs: number,
  tiles: number,
  precision: Precision,
): FormLayout {
  const panels = Math.ceil(networks / (precision === "float64" ? 4 : 8));
  const most = Math.floor(held / (panels * outputs * tileBytes));
  const count = Math.max(1, Math.min(most, tiles));
  // Apart from powers of two, which would all meet in the same lines of the cache.
  const output = count * tileBytes + 128;
  const panel = outputs * output;
  return { panels, tiles: count, output, panel, bytes: panels * panel };
}
