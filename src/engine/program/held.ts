import type { Block, HeldMatrix, Precision, Program, ProgramGroup } from "../../tensor/index.ts";
import { ShapeError } from "../../tensor/index.ts";
import { Lease } from "../lease.ts";

interface Holding<Content> {
  readonly engine: string;
  /** The engine instance that holds the matrix. */
  readonly owner: object;
  readonly shape: readonly [rows: number, columns: number];
  readonly precision: Precision;
  readonly content: Content;
  /** Gives the memory back; called once. */
  free?(): void;
}

/** A matrix with what its engine keeps of it. */
export class Held<Content> extends Lease<Content> implements HeldMatrix {
  readonly shape: readonly [rows: number, columns: number];
  readonly precision: Precision;

  constructor(holding: Holding<Content>) {
    super(holding);
    this.shape = holding.shape;
    this.precision = holding.precision;
  }

  get bytes(): number {
    const [rows, columns] = this.shape;
    return rows * columns * (this.precision === "float64" ? 8 : 4);
  }

  /**
   * This matrix, when `owner` holds it and it is not released.
   *
   * @throws {TypeError} otherwise
   */
  static require<Content>(held: HeldMatrix, owner: object, engine: string): Held<Content> {
    if (!(held instanceof Held) || !held.isOf(owner)) {
      throw new TypeError(
        `Cannot use a matrix in engine "${engine}": expected one held by this engine, found one of engine "${held.engine}"`,
      );
    }
    if (held.isReleased) {
      throw new TypeError(`Cannot use a matrix in engine "${engine}": it is released`);
    }
    return held;
  }
}

/**
 * The matrices that groups read and write, checked: held by `owner`, not released, of one precision, and
 * every block within its matrix.
 *
 * @throws {TypeError} when a matrix is of another engine or precision, or released
 * @throws {ShapeError} when a block does not lie in its matrix, or there are too many or too few
 */
export function requireGroups<Content>(
  { inputs, steps, outputs }: Program,
  groups: readonly ProgramGroup[],
  owner: object,
  engine: string,
): ReadonlySet<Held<Content>> {
  const used = new Set<Held<Content>>();
  let last: HeldMatrix | undefined;
  const shapes = [...inputs, ...steps.map(({ shape }) => shape)];
  const results = outputs.map((output) => shapes[output]!);
  const check = (blocks: readonly Block[], expected: typeof inputs, what: string) => {
    if (blocks.length !== expected.length) {
      throw new ShapeError(
        `Cannot run a program: expected ${expected.length} ${what}, found ${blocks.length}`,
      );
    }
    // Tiny matrices make millions of blocks: this is to cost little beside computing with them.
    for (let i = 0; i < blocks.length; i++) {
      const { of, row, column } = blocks[i]!;
      const { shape } = Held.require<Content>(of, owner, engine);
      const size = expected[i]!;
      const within = row + size[0] <= shape[0] && column + size[1] <= shape[1];
      if (row < 0 || column < 0 || !within) {
        throw new ShapeError(
          `Cannot run a program: expected a block [${size.join(", ")}] at [${row}, ${column}] for ${what} ${i}, found a matrix of shape [${shape.join(", ")}]`,
        );
      }
      if (of !== last) used.add(of as Held<Content>);
      last = of;
    }
  };
  for (const { tasks, into } of groups) {
    for (const task of tasks) check(task.inputs, inputs, "inputs");
    if (into) check(into, results, "outputs");
  }
  const [first] = used;
  for (const { precision } of used) {
    if (precision === first!.precision) continue;
    throw new TypeError(
      `Cannot run a program: expected precision ${first!.precision}, found ${precision}`,
    );
  }
  return used;
}
