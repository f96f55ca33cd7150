import {
  type HeldMatrix,
  type Matrix,
  matrix,
  type Program,
  ProgramBuilder,
} from "../../tensor/index.ts";
import type { Arithmetic } from "../closure/arithmetic.ts";
import { stacked } from "./reduced.ts";
import type { TwoLayerForm } from "./two-layer-form.ts";

/** Most rows of a table that one thread sums up at a time. */
const rowsAtOnce = 64;

/**
 * What two units have in common in order 3, [m2, m2′], by Wick's theorem the sum of
 *
 *     2 (g·g′) tr(N N′) + 4 (N g′)·(N′ g)    over (g, N), (e, M) of a and of b
 *
 * @param traces - [2 m2, 2 m2′]: of the products of M above N of a with M beside N of b
 * @param along - [d, d′]: the coordinates of a in those of b; undefined where they are the same
 */
export async function thirdOrder(
  a: TwoLayerForm,
  b: TwoLayerForm,
  traces: Matrix,
  along: Matrix | undefined,
  arithmetic: Arithmetic,
): Promise<Matrix> {
  const { times } = arithmetic;
  const [own, other] = [a.sizes.second, b.sizes.second];
  // A vector goes with the form of the other side of its unit: e above g, as M is above N.
  const vectors = [exchanged(a.linear), exchanged(b.linear)] as const;
  const here = along ? await times(vectors[0], along) : vectors[0];
  const there = along ? await times(vectors[1], along, { transposeB: true }) : vectors[1];
  const dots = await times(here, vectors[1], { transposeB: true });
  const joined = await contractions(a, b, along, { here, there }, arithmetic);
  const sum = matrix(own, other);
  for (let h = 0; h < 2 * own; h++) {
    for (let k = 0; k < 2 * other; k++) {
      const at = h * 2 * other + k;
      sum.data[(h % own) * other + (k % other)]! +=
        2 * dots.data[at]! * traces.data[at]! + 4 * joined.data[at]!;
    }
  }
  return sum;
}

/** The lower half above the upper one. */
function exchanged({ shape: [rows, columns], data }: Matrix): Matrix {
  const half = (rows / 2) * columns;
  return stacked(
    matrix(rows / 2, columns, data.subarray(half)),
    matrix(rows / 2, columns, data.subarray(0, half)),
  );
}

/**
 * (N_h g′_k)·(N′_k g_h) of every form and vector, [2 m2, 2 m2′], as a sum over the coordinates i of
 *
 *     (row i of each form of a times each vector of b) ⊙ (each vector of a times row i of each form of b)
 *
 * in 8 m2 m2′ d² multiplications.
 *
 * @param here - [2 m2, d′]: vectors of a in the coordinates of b
 * @param there - [2 m2′, d]: vectors of b in the coordinates of a
 */
async function contractions(
  a: TwoLayerForm,
  b: TwoLayerForm,
  along: Matrix | undefined,
  { here, there }: { here: Matrix; there: Matrix },
  arithmetic: Arithmetic,
): Promise<Matrix> {
  const { programs, signal } = arithmetic;
  const [rows, columns] = [2 * a.sizes.second, 2 * b.sizes.second];
  const [dA, dB] = [a.sizes.inputs, b.sizes.inputs];
  const held: HeldMatrix[] = [];
  const load = async (one: Matrix) => {
    const loaded = await programs.load(one);
    held.push(loaded);
    return loaded;
  };
  try {
    const flat = along ? await load(await turned(a, along, arithmetic)) : a.flat!;
    const [own, others] = [await load(here), await load(there)];
    const sums = matrix(rows, columns);
    for (let row = 0; row < rows; ) {
      // All strips of one height at once, then the rest.
      const height = Math.min(rowsAtOnce, rows - row);
      const count = Math.floor((rows - row) / height);
      const groups = Array.from({ length: count }, (_, s) => ({
        tasks: Array.from({ length: dB }, (_, i) => ({
          inputs: [
            { of: flat, row: row + s * height, column: i * dA },
            { of: others, row: 0, column: 0 },
            { of: own, row: row + s * height, column: 0 },
            { of: b.flat!, row: 0, column: i * dB },
          ],
        })),
      }));
      const found = await programs.run(stripProgram(height, columns, dA, dB), groups, { signal });
      for (const [strip] of found) {
        sums.data.set(strip!.data, row * columns);
        row += height;
      }
    }
    return sums;
  } finally {
    for (const one of held) one.release();
  }
}

function stripProgram(rows: number, columns: number, dA: number, dB: number): Program {
  const p = new ProgramBuilder();
  const [form, others] = [p.input(rows, dA), p.input(columns, dA)];
  const [own, form2] = [p.input(rows, dB), p.input(columns, dB)];
  return p.program(
    p.hadamard(
      p.product(form, others, { transposeB: true }),
      p.product(own, form2, { transposeB: true }),
    ),
  );
}

/** Cᵀ N_h of every form of a, [2 m2, d′ · d], for C = along. */
async function turned(
  { flat, sizes: { inputs, second } }: TwoLayerForm,
  along: Matrix,
  { programs, times, pause }: Arithmetic,
): Promise<Matrix> {
  const { data } = await programs.read(flat!);
  const size = inputs * inputs;
  const [dA, dB] = along.shape;
  const found = matrix(2 * second, dB * dA);
  for (let h = 0; h < 2 * second; h++) {
    const form = matrix(dA, dA, data.subarray(h * size, (h + 1) * size));
    found.data.set((await times(along, form, { transposeA: true })).data, h * dB * dA);
    await pause();
  }
  return found;
}
