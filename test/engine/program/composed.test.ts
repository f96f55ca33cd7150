import { describe, expect, test } from "vitest";
import { programsOf, referenceEngine } from "../../../src/engine/index.ts";
import { type Block, matrix, type Program, ProgramBuilder } from "../../../src/tensor/index.ts";

const programs = programsOf(referenceEngine());

async function blocks(...all: readonly number[][][]): Promise<Block[]> {
  return Promise.all(
    all.map(async (rows) => ({
      of: await programs.load(matrix(rows.length, rows[0]!.length, rows.flat())),
      row: 0,
      column: 0,
    })),
  );
}

async function outputs(program: Program, ...inputs: readonly number[][][]) {
  const [sums] = await programs.run(program, [{ tasks: [{ inputs: await blocks(...inputs) }] }]);
  return sums!.map(({ shape, data }) => ({ shape, data: [...data] }));
}

const a = [
  [1, 2, 3],
  [4, 5, 6],
];
const b = [
  [1, 0, 2],
  [0, -1, 1],
];

describe("a step of a program", () => {
  const built = (write: (p: ProgramBuilder) => Program) => write(new ProgramBuilder());

  test.each([
    [false, true, [2, 2], [7, 1, 16, 1]],
    [true, false, [3, 3], [1, -4, 6, 2, -5, 9, 3, -6, 12]],
  ])("product, transposed %j and %j", async (transposeA, transposeB, shape, data) => {
    const program = built((p) => {
      const [x, y] = [p.input(2, 3), p.input(2, 3)];
      return p.program(p.product(x, y, { transposeA, transposeB }));
    });
    expect(await outputs(program, a, b)).toEqual([{ shape, data }]);
  });

  test("hadamard, dot, rowDots, sum, scale, transpose, block, stack", async () => {
    const program = built((p) => {
      const [x, y] = [p.input(2, 3), p.input(2, 3)];
      return p.program(
        p.hadamard(x, y),
        p.dot(x, y),
        p.rowDots(x, y),
        p.sum(x, [-2, y]),
        p.scale(x, p.dot(x, y)),
        p.transpose(x),
        p.block(x, 1, 1, 1, 2),
        p.stack(y, p.block(x, 0, 0, 1, 3)),
      );
    });
    expect(await outputs(program, a, b)).toEqual([
      { shape: [2, 3], data: [1, 0, 6, 0, -5, 6] },
      { shape: [1, 1], data: [8] },
      { shape: [2, 1], data: [7, 1] },
      { shape: [2, 3], data: [-1, 2, -1, 4, 7, 4] },
      { shape: [2, 3], data: [8, 16, 24, 32, 40, 48] },
      { shape: [3, 2], data: [1, 4, 2, 5, 3, 6] },
      { shape: [1, 2], data: [5, 6] },
      { shape: [3, 3], data: [1, 0, 2, 0, -1, 1, 1, 2, 3] },
    ]);
  });
});

describe("a run of a program", () => {
  const doubled = (() => {
    const p = new ProgramBuilder();
    return p.program(p.sum([2, p.input(1, 2)]));
  })();

  test("adds up the tasks of a group, with their weights, and reads blocks", async () => {
    const [{ of }] = (await blocks(a)) as [Block];
    const groups = [
      {
        tasks: [
          { inputs: [{ of, row: 0, column: 1 }] },
          { inputs: [{ of, row: 1, column: 0 }], weight: 3 },
        ],
      },
      { tasks: [] },
    ];
    const done: number[] = [];
    const sums = await programs.run(doubled, groups, { progress: (n) => done.push(n) });
    expect(sums.map(([sum]) => [...sum!.data])).toEqual([
      [28, 36],
      [0, 0],
    ]);
    expect(done).toEqual([1, 2]);
  });

  test("writes sums into a held matrix, over what was there", async () => {
    const [{ of }] = (await blocks(a)) as [Block];
    const into = await programs.allocate([2, 3], "float64");
    const group = { tasks: [{ inputs: [{ of, row: 1, column: 1 }] }] };
    const write = { ...group, into: [{ of: into, row: 1, column: 1 }] };
    expect(await programs.run(doubled, [write])).toEqual([[]]);
    await programs.run(doubled, [write]);
    expect([...(await programs.read(into)).data]).toEqual([0, 0, 0, 0, 10, 12]);
  });

  test("refuses a block outside its matrix, a released matrix, another engine's", async () => {
    const [{ of }] = (await blocks(a)) as [Block];
    const run = (block: Block) => programs.run(doubled, [{ tasks: [{ inputs: [block] }] }]);
    await expect(run({ of, row: 0, column: 2 })).rejects.toThrow(
      "Cannot run a program: expected a block [1, 2] at [0, 2] for inputs 0, found a matrix of shape [2, 3]",
    );
    await expect(programs.run(doubled, [{ tasks: [{ inputs: [] }] }])).rejects.toThrow(
      "Cannot run a program: expected 1 inputs, found 0",
    );
    const other = await programsOf(referenceEngine()).load(matrix(1, 2));
    await expect(run({ of: other, row: 0, column: 0 })).rejects.toThrow(
      'Cannot use a matrix in engine "reference": expected one held by this engine, found one of engine "reference"',
    );
    const single = await programs.load(matrix(1, 2, new Float32Array(2)));
    const mixed = { tasks: [{ inputs: [{ of: single, row: 0, column: 0 }] }] };
    await expect(
      programs.run(doubled, [mixed, { tasks: [{ inputs: [{ of, row: 0, column: 0 }] }] }]),
    ).rejects.toThrow("Cannot run a program: expected precision float32, found float64");
    of.release();
    await expect(run({ of, row: 0, column: 0 })).rejects.toThrow(
      'Cannot use a matrix in engine "reference": it is released',
    );
  });

  test("rejects with the reason of an abort", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(programs.run(doubled, [], { signal })).rejects.toThrow("enough");
  });
});
