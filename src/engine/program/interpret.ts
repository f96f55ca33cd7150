import type { GemmOptions, Matrix, Program, ProgramStep } from "../../tensor/index.ts";
import { matrix, numbers, precisionOf } from "../../tensor/index.ts";

/** How products are computed. */
export type Times = (a: Matrix, b: Matrix, options: GemmOptions) => Promise<Matrix>;

/** Multiplications of a product up to which plain loops are done before a call of an engine begins. */
const smallProduct = 2 ** 14;

/**
 * The outputs of a program on `inputs`, in their precision: products of some size by `times`, everything
 * else in plain loops, sums in float64.
 */
export async function interpret(
  program: Program,
  inputs: readonly Matrix[],
  times: Times,
): Promise<readonly Matrix[]> {
  const registers = [...inputs];
  for (const step of program.steps) {
    const result = made(step, registers, times);
    registers.push(result instanceof Promise ? await result : result);
  }
  return program.outputs.map((output) => registers[output]!);
}

function made(
  step: ProgramStep,
  registers: readonly Matrix[],
  times: Times,
): Matrix | Promise<Matrix> {
  const at = (index: number): Matrix => registers[index]!;
  const [rows, columns] = step.shape;
  const empty = (like: Matrix) =>
    matrix(rows, columns, numbers(rows * columns, precisionOf(like.data)));
  switch (step.kind) {
    case "product": {
      const [a, b] = [at(step.a), at(step.b)];
      const inner = a.shape[step.transposeA ? 0 : 1];
      if (rows * columns * inner > smallProduct) return times(a, b, step);
      const [rowA, innerA] = step.transposeA ? [1, rows] : [inner, 1];
      const [innerB, columnB] = step.transposeB ? [1, inner] : [columns, 1];
      return filled(empty(a), (i) => {
        const row = Math.floor(i / columns);
        const fromA = row * rowA;
        const fromB = (i - row * columns) * columnB;
        let sum = 0;
        for (let k = 0; k < inner; k++) {
          sum += a.data[fromA + k * innerA]! * b.data[fromB + k * innerB]!;
        }
        return sum;
      });
    }
    case "hadamard": {
      const b = at(step.b).data;
      return filled(empty(at(step.a)), (i) => at(step.a).data[i]! * b[i]!);
    }
    case "sum": {
      const terms = step.terms.map(({ of, times: factor }) => ({ data: at(of).data, factor }));
      return filled(empty(at(step.terms[0]!.of)), (i) => {
        let sum = 0;
        for (const { data, factor } of terms) sum += factor * data[i]!;
        return sum;
      });
    }
    case "scale": {
      const { data } = at(step.of);
      const by = at(step.by).data[0]!;
      return filled(empty(at(step.of)), (i) => by * data[i]!);
    }
    case "transpose": {
      const { data } = at(step.of);
      return filled(
        empty(at(step.of)),
        (i) => data[(i % columns) * rows + Math.floor(i / columns)]!,
      );
    }
    case "block":
      return blockOf(at(step.of), step.row, step.column, step.shape);
    case "stack": {
      const stacked = empty(at(step.parts[0]!));
      let from = 0;
      for (const part of step.parts) {
        stacked.data.set(at(part).data, from);
        from += at(part).data.length;
      }
      return stacked;
    }
    case "dot":
    case "rowDots": {
      const a = at(step.a).data;
      const b = at(step.b).data;
      const length = a.length / rows;
      return filled(empty(at(step.a)), (row) => {
        let sum = 0;
        for (let i = row * length; i < (row + 1) * length; i++) sum += a[i]! * b[i]!;
        return sum;
      });
    }
  }
}

function filled(target: Matrix, entry: (i: number) => number): Matrix {
  for (let i = 0; i < target.data.length; i++) target.data[i] = entry(i);
  return target;
}

/** A copy of entries [row + i, column + j] of a matrix. */
export function blockOf(
  { shape, data }: Matrix,
  row: number,
  column: number,
  [rows, columns]: readonly [number, number],
): Matrix {
  const block = numbers(rows * columns, precisionOf(data));
  for (let i = 0; i < rows; i++) {
    const from = (row + i) * shape[1] + column;
    block.set(data.subarray(from, from + columns), i * columns);
  }
  return matrix(rows, columns, block);
}
