import fc from "fast-check";
import { interpret } from "../../../src/engine/program/interpret.ts";
import {
  type GemmOptions,
  type HeldMatrix,
  type Matrix,
  matrix,
  numbers,
  type Precision,
  type Program,
  ProgramBuilder,
  type ProgramGroup,
  type ProgramOperation,
  product,
  type Register,
  transpose,
} from "../../../src/tensor/index.ts";

/** What one step is to be, as far as the registers there are allow it. */
interface Choice {
  readonly kind: number;
  readonly x: number;
  readonly y: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const choice: fc.Arbitrary<Choice> = fc.record({
  kind: fc.nat(8),
  x: fc.nat(1000),
  y: fc.nat(1000),
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
});

/** Entries of the inputs are at most this. */
export const largestEntry = 2;

/** A program whose numbers stay below 2^22, so that single precision is exact as well. */
function written(sizes: readonly [number, number][], choices: readonly Choice[]): Program {
  const p = new ProgramBuilder();
  const made: { register: Register; bound: number }[] = [];
  const add = (register: Register, bound: number) => made.push({ register, bound });
  for (const [rows, columns] of sizes) add(p.input(rows, columns), largestEntry);
  for (const { kind, x, y, transposeA, transposeB } of choices) {
    const a = made[x % made.length]!;
    const { rows, columns } = a.register;
    const pick = (fits: (register: Register) => boolean, limit: number) => {
      const all = made.filter(({ register, bound }) => fits(register) && bound <= limit);
      return all[y % all.length];
    };
    const alike = (limit = 2 ** 21) => pick((b) => b.rows === rows && b.columns === columns, limit);
    const most = 2 ** 22 / a.bound;
    switch (kind) {
      case 0:
      case 1: {
        const inner = transposeA ? rows : columns;
        const b = pick((b) => (transposeB ? b.columns : b.rows) === inner, most / inner);
        if (!b) break;
        const options = { transposeA, transposeB };
        add(p.product(a.register, b.register, options), inner * a.bound * b.bound);
        break;
      }
      case 2: {
        const b = alike(most);
        if (b) add(p.hadamard(a.register, b.register), a.bound * b.bound);
        break;
      }
      case 3: {
        const [b, c] = [alike(2 ** 18), alike(2 ** 18)];
        if (!b || !c || a.bound > 2 ** 18) break;
        const terms = [a.register, [-2, b.register], [3, c.register]] as const;
        const count = 1 + (y % 3);
        add(p.sum(...terms.slice(0, count)), a.bound + 2 * b.bound + 3 * c.bound);
        break;
      }
      case 4: {
        const by = pick((b) => b.rows === 1 && b.columns === 1, most);
        if (by) add(p.scale(a.register, by.register), a.bound * by.bound);
        break;
      }
      case 5:
        add(p.transpose(a.register), a.bound);
        break;
      case 6: {
        const [row, column] = [y % rows, (y >> 3) % columns];
        const size = [rows - row - (x % (rows - row)), columns - column] as const;
        add(p.block(a.register, row, column, ...size), a.bound);
        break;
      }
      case 7: {
        const b = pick((b) => b.columns === columns, 2 ** 22);
        const parts = b ? [a.register, b.register, a.register] : [a.register];
        add(p.stack(...parts), Math.max(a.bound, b?.bound ?? 0));
        break;
      }
      default: {
        const b = alike(most / (rows * columns));
        if (!b) break;
        const dots = transposeA ? p.dot(a.register, b.register) : p.rowDots(a.register, b.register);
        add(dots, rows * columns * a.bound * b.bound);
      }
    }
  }
  // The last is there, and some that others are made of.
  const outputs = made.filter((_, i) => i === made.length - 1 || i % 5 === 3);
  return p.program(...outputs.map(({ register }) => register));
}

const side = fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 16);

/** Programs of small whole numbers, of every kind of step, many of whose shapes fit each other. */
export const programs: fc.Arbitrary<Program> = fc
  .record({
    axes: fc.tuple(side, side),
    inputs: fc.array(fc.tuple(fc.nat(1), fc.nat(1)), { minLength: 1, maxLength: 4 }),
    choices: fc.array(choice, { minLength: 1, maxLength: 14 }),
  })
  .map(({ axes, inputs, choices }) =>
    written(
      inputs.map(([rows, columns]): [number, number] => [axes[rows]!, axes[columns]!]),
      choices,
    ),
  );

async function times(a: Matrix, b: Matrix, { transposeA, transposeB }: GemmOptions) {
  return product(transposeA ? transpose(a) : a, transposeB ? transpose(b) : b);
}

/** The outputs of a program in plain loops, in float64. */
export function outputsOf(program: Program, inputs: readonly Matrix[]): Promise<readonly Matrix[]> {
  return interpret(
    program,
    inputs.map(({ shape, data }) => matrix(...shape, Float64Array.from(data))),
    times,
  );
}

/** A matrix of numbers that round when multiplied, the same for the same seed. */
export function filled(rows: number, columns: number, seed: number, precision: Precision): Matrix {
  const data = numbers(rows * columns, precision);
  for (let i = 0; i < data.length; i++) data[i] = ((seed + i * 7) % 101) / 810 - 0.06;
  return matrix(rows, columns, data);
}

/** A program with every kind of step, of sizes that fill no panels: [21, 34]² and [34, 34] in, four out. */
export function everyStep(): Program {
  const p = new ProgramBuilder();
  const [a, b, c] = [p.input(21, 34), p.input(21, 34), p.input(34, 34)];
  const ac = p.product(a, c);
  const square = p.product(ac, b, { transposeB: true });
  const hop = p.stack(p.block(square, 10, 0, 11, 21), p.block(square, 0, 0, 10, 21));
  const sum = p.sum(square, [-0.3, hop], [2, p.transpose(square)]);
  const scaled = p.scale(p.hadamard(sum, hop), p.dot(ac, b));
  return p.program(
    p.rowDots(scaled, sum),
    p.product(scaled, ac),
    p.dot(p.transpose(hop), scaled),
    p.block(ac, 3, 5, 7, 9),
  );
}

/** All numbers a run of `everyStep` gives, some by way of a held matrix. */
export async function bitsOf(operation: ProgramOperation, precision: Precision) {
  const program = everyStep();
  const large = await operation.load(filled(60, 70, 1, precision));
  const small = await operation.load(filled(40, 40, 2, precision));
  const into = await operation.allocate([60, 80], precision);
  const block = (of: HeldMatrix, row: number, column: number) => ({ of, row, column });
  const groups = Array.from({ length: 24 }, (_, g): ProgramGroup => {
    const tasks = Array.from({ length: 1 + (g % 3) }, (_, t) => ({
      inputs: [block(large, g, t), block(large, 30, g), block(small, t, 3)],
      weight: 1 / (1 + t),
    }));
    if (g !== 7) return { tasks };
    const places = [block(into, 0, 0), block(into, 2, 3), block(into, 50, 79), block(into, 50, 7)];
    return { tasks, into: places };
  });
  const sums = await operation.run(program, groups);
  const written = await operation.read(into);
  for (const held of [large, small, into]) held.release();
  return [...sums.flat(), written].map(({ data }) => Array.from(data));
}
