import type { StepSizes } from "../chain/steps.ts";

/** Rows and columns of the forms that are computed at a time. */
export interface Block {
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
}

/** Outputs of all networks that are computed at a time, block by block. */
export interface FormTiling {
  /** Outputs taken together. */
  readonly outputs: number;
  readonly blocks: readonly Block[];
}

/** Rows of a block: few, since those on the diagonal are computed twice. */
const fewest = 32;
const most = 128;
/** Rows of the outputs taken together, enough for products to be fast. */
const tall = 256;
/** Columns of a block at most. */
const wide = 512;
/** The least that an edge is cut to for want of room. */
const least = 16;

/**
 * Blocks that cover the forms on and above the diagonal, and how many outputs are taken together, so that
 * `room` numbers hold one block of them.
 */
export function formTiling({ inputs, outputs }: StepSizes, room: number): FormTiling {
  let columns = Math.min(inputs, wide);
  let rows = Math.min(inputs, most, Math.max(fewest, Math.ceil(tall / outputs)));
  if (rows * columns > room) {
    columns = Math.max(least, Math.min(columns, Math.floor(2 * Math.sqrt(room))));
    rows = Math.max(least, Math.min(rows, Math.floor(room / columns)));
  }
  const fit = Math.max(1, Math.min(outputs, Math.floor(room / (rows * columns))));
  const blocks: Block[] = [];
  for (const [row, height] of parts(0, inputs, rows)) {
    for (const [column, width] of parts(row, inputs, columns)) {
      blocks.push({ row, rows: height, column, columns: width });
    }
  }
  return { outputs: Math.ceil(outputs / Math.ceil(outputs / fit)), blocks };
}

/**
 * How often each entry of a block counts in a product of forms: once on the diagonal, twice above it, also
 * for the one below, and not at all below it. Undefined when all count twice.
 */
export function weightsOf({ row, rows, column, columns }: Block): Float64Array | undefined {
  if (column >= row + rows) return undefined;
  const weights = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      weights[i * columns + j] = 1 + Math.sign(column + j - row - i);
    }
  }
  return weights;
}

/** Parts of about equal length, at most `length`, of the numbers from `start` up to `end`. */
function parts(start: number, end: number, length: number): readonly (readonly [number, number])[] {
  const count = Math.ceil((end - start) / length);
  const bound = (part: number) => start + Math.round(((end - start) * part) / count);
  return Array.from({ length: count }, (_, part) => [bound(part), bound(part + 1) - bound(part)]);
}
