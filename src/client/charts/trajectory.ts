import { entryName, longStepText, type MatrixValues, sizeOfMatrix } from "../../charts/index.ts";
import { type Lines, type LinesOptions, lines } from "./lines.ts";

/** What a trajectory compares each checkpoint with. */
export interface TrajectoryOptions extends Omit<LinesOptions, "x" | "mark" | "labels"> {
  /**
   * Places of the checkpoints to compare with, each a line; by default the last. `"previous"` compares
   * each with the one before it: how fast the network changes.
   */
  readonly reference?: number | readonly number[] | "previous";
  /** What an entry is, for the axis; by default the matrix's metric. */
  readonly label?: string;
}

/**
 * How a run moves: the similarity of each checkpoint with a reference, over training steps: rows of the
 * similarity matrix, nothing is computed anew. A line stands at each reference. Linked with all charts of
 * the same checkpoints.
 *
 * @param matrix square, e.g. of `similarityMatrix`
 * @throws {TypeError} when it is no square matrix
 * @throws {RangeError} when there is no such reference
 */
export function trajectory(matrix: MatrixValues, options: TrajectoryOptions = {}): Lines {
  const { rows, columns } = sizeOfMatrix(matrix);
  if (rows !== columns) {
    throw new TypeError(
      `Cannot draw a trajectory: expected as many rows as columns, found shape [${rows}, ${columns}]`,
    );
  }
  const {
    reference = rows - 1,
    label = matrix.metric ? entryName(matrix) : "similarity",
    ...rest
  } = options;
  const places = Array.from({ length: rows }, (_, place) => place);
  const steps = matrix.steps?.length === rows ? matrix.steps : undefined;
  const labels = matrix.labels?.length === rows && !steps ? matrix.labels : undefined;
  const x = steps ?? places;
  const usual: LinesOptions = {
    x,
    xLabel: steps ? "training step" : "checkpoint",
    yLabel: label,
    ...(labels && { labels }),
    ...rest,
  };
  if (reference === "previous") {
    const y = places.map((place) =>
      place === 0 ? Number.NaN : matrix.data[place * columns + place - 1]!,
    );
    return lines([{ label: "with the checkpoint before", y }], usual);
  }
  const references = [reference].flat() as number[];
  for (const place of references) {
    if (Number.isInteger(place) && place >= 0 && place < rows) continue;
    throw new RangeError(
      `Cannot draw a trajectory: expected a reference from 0 to ${rows - 1}, found ${place}`,
    );
  }
  const name = (place: number) =>
    steps ? `step ${longStepText(steps[place]!)}` : (labels?.[place] ?? `checkpoint ${place}`);
  const series = references.map((place) => ({
    label: `with ${name(place)}`,
    y: places.map((other) => matrix.data[place * columns + other]!),
  }));
  return lines(series, { ...usual, mark: references.map((place) => x[place]!) });
}
