import { expect, test } from "vitest";
import { lowered } from "../../../../src/engine/wasm/program/lowering.ts";
import { type Program, ProgramBuilder } from "../../../../src/tensor/index.ts";

const names = "packRows packColumns product hadamard combine multiple scale copy shift turn".split(
  " ",
);

/** What the instructions of a program are. */
function kindsOf(program: Program, kept: readonly boolean[] = program.inputs.map(() => false)) {
  const { bytes, scratch } = lowered(program, "float64", kept);
  const words = new Uint32Array(bytes.buffer);
  const kinds = Array.from({ length: words[0]! }, (_, i) => names[words[16 * (i + 1)]!] ?? "other");
  return { kinds, scratch };
}

test("products are made as the next one takes them, blocks and transposes are views", () => {
  const p = new ProgramBuilder();
  const [a, b, c] = [p.input(64, 64), p.input(64, 64), p.input(64, 64)];
  const left = p.product(a, b);
  const right = p.product(b, c);
  const product = p.product(p.block(left, 32, 0, 32, 64), p.block(right, 0, 32, 64, 32));
  const other = p.product(p.block(a, 0, 0, 32, 64), p.block(c, 0, 8, 64, 32));
  const { kinds } = kindsOf(p.program(p.dot(p.transpose(product), other)));
  expect(kinds).not.toContain("copy");
  expect(kinds).not.toContain("shift");
  expect(kinds).not.toContain("turn");
});

test("what is needed in both forms is turned once, an input packed twice", () => {
  const p = new ProgramBuilder();
  const a = p.input(8, 8);
  const square = p.product(a, a);
  const { kinds } = kindsOf(p.program(p.product(p.product(square, square), square)));
  expect(kinds.filter((kind) => kind === "turn")).toHaveLength(1);
  expect(kinds.filter((kind) => kind.startsWith("pack"))).toEqual(["packRows", "packColumns"]);
});

test("what nothing uses is not computed", () => {
  const p = new ProgramBuilder();
  const a = p.input(8, 8);
  p.stack(p.product(a, a), a);
  expect(kindsOf(p.program(p.hadamard(a, a))).kinds).toEqual(["packRows", "hadamard", "other"]);
});

test("memory is used again: a long row of products needs that of a few matrices", () => {
  const p = new ProgramBuilder();
  const a = p.input(64, 64);
  let last = a;
  for (let i = 0; i < 100; i++) last = p.product(last, a);
  const { scratch } = kindsOf(p.program(last), [true]);
  expect(scratch).toBeLessThan(7 * 64 * 64 * 8);
});
