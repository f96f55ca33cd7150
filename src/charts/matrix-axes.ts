import type { MatrixSize, MatrixValues } from "./matrix.ts";
import { longStepText, stepText, stepTicks } from "./step.ts";

/** A tick in pixels from the start of its axis. */
export interface AxisTick {
  readonly at: number;
  readonly text: string;
}

/** Where the picture is: its upper left corner and its size in pixels. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What may be said of a matrix's axes. */
export interface AxisOptions {
  /** Training steps of the columns, and of the rows unless `y` is given; by default the matrix's own. */
  readonly x?: readonly number[];
  readonly y?: readonly number[];
  readonly xLabel?: string;
  readonly yLabel?: string;
}

/** Pixels that a label needs. */
const tickRoom = { across: 38, down: 22 };

/** What the places of an axis are called. */
export interface AxisNames {
  readonly steps: readonly number[] | undefined;
  readonly texts: readonly string[] | undefined;
  readonly count: number;
}

/** What both axes are called. */
export interface MatrixNames {
  readonly x: AxisNames;
  readonly y: AxisNames;
  readonly labels: { readonly x: string; readonly y: string };
}

/**
 * What rows and columns are called.
 *
 * @throws {TypeError} when steps that were asked for are not as many as rows or columns
 */
export function namesOf(
  matrix: Pick<MatrixValues, "steps" | "labels">,
  { rows, columns }: MatrixSize,
  options: AxisOptions,
): MatrixNames {
  checkSteps(options.x, columns, "columns");
  checkSteps(options.y, rows, "rows");
  const x = axisNames([options.x, matrix.steps], matrix.labels, columns);
  const y = axisNames([options.y, options.x, matrix.steps], matrix.labels, rows);
  const usual = (names: AxisNames) => (names.steps ? "training step" : "");
  return { x, y, labels: { x: options.xLabel ?? usual(x), y: options.yLabel ?? usual(y) } };
}

function checkSteps(steps: readonly number[] | undefined, count: number, what: string): void {
  if (steps && steps.length !== count) {
    throw new TypeError(
      `Cannot draw a heatmap: expected ${count} steps for its ${what}, found ${steps.length}`,
    );
  }
}

/** The first of several steps, or else the labels, of which there are as many as places. */
function axisNames(
  steps: readonly (readonly number[] | undefined)[],
  labels: readonly string[] | undefined,
  count: number,
): AxisNames {
  return {
    steps: steps.find((some) => some?.length === count),
    texts: labels?.length === count ? labels : undefined,
    count,
  };
}

/** How an entry's row or column is called in the reading. */
export function placeText({ steps, texts }: AxisNames, index: number): string {
  return steps ? longStepText(steps[index]!) : (texts?.[index] ?? String(index));
}

/** The same for a file: digits only. */
export function plainPlaceText({ steps, texts }: AxisNames, index: number): string {
  return String(steps?.[index] ?? texts?.[index] ?? index);
}

/** Ticks of an axis of `length` pixels: by training step, by name, or counted. */
export function ticksOf(
  names: AxisNames,
  length: number,
  direction: "across" | "down",
): AxisTick[] {
  const room = tickRoom[direction];
  const perPlace = length / names.count;
  const at = (index: number) => (index + 0.5) * perPlace;
  const { steps, texts, count } = names;
  if (!steps && texts) {
    const every = Math.ceil((direction === "across" ? 56 : room) / perPlace);
    return texts.map((text, index) => ({ at: at(index), text })).filter((_, i) => i % every === 0);
  }
  const places = steps ?? Array.from({ length: count }, (_, index) => index);
  return stepTicks(places, length, room).map(({ index, step }) => ({
    at: at(index),
    text: stepText(step),
  }));
}

/**
 * The largest picture whose entries are whole pixels of the screen, beside its axes.
 *
 * @param ratio pixels of the screen in a unit of width
 */
export function frameOf(
  width: number,
  { rows, columns }: MatrixSize,
  names: MatrixNames,
  ratio = 1,
): Frame {
  const longest = Math.max(...ticksOf(names.y, 400, "down").map(({ text }) => text.length), 1);
  const left = Math.min(160, Math.ceil(10 + 6.6 * longest)) + (names.labels.y ? 16 : 0);
  const room = Math.max(40, width - left - 12);
  const whole = Math.floor((room * ratio) / columns) / ratio;
  const perEntry = whole > 0 ? whole : room / columns;
  return { left, top: 6, width: perEntry * columns, height: perEntry * rows };
}
