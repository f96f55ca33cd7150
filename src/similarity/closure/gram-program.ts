import { type Program, ProgramBuilder } from "../../tensor/index.ts";

const known = new Map<string, Program>();

/**
 * A C Bᵀ for each of some B: inputs A [rows, dA], C [dA, dB] and each B [columns, dB]. The same object
 * for the same sizes.
 */
export function gramProgram(
  rows: number,
  [dA, dB]: readonly [number, number],
  columns: readonly number[],
): Program {
  const name = [rows, dA, dB, ...columns].join();
  const found = known.get(name);
  if (found) return found;
  const p = new ProgramBuilder();
  const [a, c] = [p.input(rows, dA), p.input(dA, dB)];
  const bs = columns.map((count) => p.input(count, dB));
  const half = p.product(a, c);
  const program = p.program(...bs.map((b) => p.product(half, b, { transposeB: true })));
  known.set(name, program);
  return program;
}
