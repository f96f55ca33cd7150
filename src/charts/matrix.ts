/** Numbers in rows and columns, row-major, with what is known of where they come from. */
export interface MatrixValues {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
  /** Training steps of rows and columns. */
  readonly steps?: readonly number[] | undefined;
  /** Names of rows and columns, where they are no steps. */
  readonly labels?: readonly string[] | undefined;
  /** What an entry measures. */
  readonly metric?: string | undefined;
}

/** What an entry of a matrix is, for a legend or an axis: a metric's name alone says it to few. */
export function entryName({ metric }: Pick<MatrixValues, "metric">): string {
  if (metric === undefined) return "value";
  return /(?:cosine|similarity)$/.test(metric) ? metric : `similarity (${metric})`;
}

/** Rows and columns of a matrix. */
export interface MatrixSize {
  readonly rows: number;
  readonly columns: number;
}

/** Where an entry is. */
export interface MatrixPlace {
  readonly row: number;
  readonly column: number;
}

/**
 * Rows and columns.
 *
 * @throws {TypeError} when it is no matrix, is empty, or does not hold as many numbers as its shape says
 */
export function sizeOfMatrix(matrix: MatrixValues): MatrixSize {
  const { shape, data } = matrix ?? {};
  if (!shape || !data || shape.length !== 2) {
    const found = shape ? `shape [${shape.join(", ")}]` : String(matrix);
    throw new TypeError(
      `Cannot draw a heatmap: expected a matrix {shape: [rows, columns], data}, found ${found}`,
    );
  }
  const [rows = 0, columns = 0] = shape;
  if (data.length !== rows * columns) {
    throw new TypeError(
      `Cannot draw a heatmap: expected ${rows * columns} numbers for shape [${rows}, ${columns}], found ${data.length}`,
    );
  }
  if (rows === 0 || columns === 0) {
    throw new TypeError(
      `Cannot draw a heatmap: expected at least one row and one column, found shape [${rows}, ${columns}]`,
    );
  }
  return { rows, columns };
}

/**
 * The entries as pixels, one each, row 0 on top: RGBA of `colour(value)`. What is not a finite number is
 * left transparent, for the hatching behind it.
 */
export function pixelsOf(
  data: ArrayLike<number>,
  colour: (value: number) => readonly [number, number, number],
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * data.length);
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (!Number.isFinite(value)) continue;
    const [red, green, blue] = colour(value);
    pixels[4 * i] = red;
    pixels[4 * i + 1] = green;
    pixels[4 * i + 2] = blue;
    pixels[4 * i + 3] = 255;
  }
  return pixels;
}
