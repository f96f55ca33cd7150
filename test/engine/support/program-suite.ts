import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { programsOf, referenceEngine } from "../../../src/engine/index.ts";
import { blockOf } from "../../../src/engine/program/interpret.ts";
import {
  type Block,
  matrix,
  numbers,
  type Precision,
  type Program,
  ProgramBuilder,
  type ProgramGroup,
  type ProgramOperation,
  type ProgramTask,
} from "../../../src/tensor/index.ts";
import { largestEntry, outputsOf, programs } from "./programs.ts";

/** Programs that are tried in each precision. */
const runs = 60;

/** Whole numbers below a limit, the same for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

/** Numbers in a list, zeros without their sign. */
function plain(data: Iterable<number>): readonly number[] {
  return Array.from(data, (entry) => entry + 0);
}

/** What every program operation does, fused or composed. */
export function programSuite(engine: string, open: () => Promise<ProgramOperation>): void {
  async function blocks(...all: readonly number[][][]): Promise<Block[]> {
    return Promise.all(
      all.map(async (rows) => ({
        of: await (await open()).load(matrix(rows.length, rows[0]!.length, rows.flat())),
        row: 0,
        column: 0,
      })),
    );
  }

  async function outputs(program: Program, ...inputs: readonly number[][][]) {
    const [sums] = await (await open()).run(program, [
      { tasks: [{ inputs: await blocks(...inputs) }] },
    ]);
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
      const sums = await (await open()).run(doubled, groups, { progress: (n) => done.push(n) });
      expect(sums.map(([sum]) => [...sum!.data])).toEqual([
        [28, 36],
        [0, 0],
      ]);
      expect(done).toEqual(done.toSorted((x, y) => x - y));
      expect(done.at(-1)).toBe(2);
    });

    test("writes sums into a held matrix, over what was there", async () => {
      const [{ of }] = (await blocks(a)) as [Block];
      const into = await (await open()).allocate([2, 3], "float64");
      const group = { tasks: [{ inputs: [{ of, row: 1, column: 1 }] }] };
      const write = { ...group, into: [{ of: into, row: 1, column: 1 }] };
      expect(await (await open()).run(doubled, [write])).toEqual([[]]);
      await (await open()).run(doubled, [write]);
      expect([...(await (await open()).read(into)).data]).toEqual([0, 0, 0, 0, 10, 12]);
    });

    test("refuses a block outside its matrix, a released matrix, another engine's", async () => {
      const [{ of }] = (await blocks(a)) as [Block];
      const run = async (block: Block) =>
        (await open()).run(doubled, [{ tasks: [{ inputs: [block] }] }]);
      await expect(run({ of, row: 0, column: 2 })).rejects.toThrow(
        "Cannot run a program: expected a block [1, 2] at [0, 2] for inputs 0, found a matrix of shape [2, 3]",
      );
      await expect((await open()).run(doubled, [{ tasks: [{ inputs: [] }] }])).rejects.toThrow(
        "Cannot run a program: expected 1 inputs, found 0",
      );
      const other = await programsOf(referenceEngine()).load(matrix(1, 2));
      await expect(run({ of: other, row: 0, column: 0 })).rejects.toThrow(
        `Cannot use a matrix in engine "${engine}": expected one held by this engine, found one of engine "reference"`,
      );
      const single = await (await open()).load(matrix(1, 2, new Float32Array(2)));
      const mixed = { tasks: [{ inputs: [{ of: single, row: 0, column: 0 }] }] };
      await expect(
        (await open()).run(doubled, [mixed, { tasks: [{ inputs: [{ of, row: 0, column: 0 }] }] }]),
      ).rejects.toThrow("Cannot run a program: expected precision float32, found float64");
      of.release();
      await expect(run({ of, row: 0, column: 0 })).rejects.toThrow(
        `Cannot use a matrix in engine "${engine}": it is released`,
      );
    });

    test("rejects with the reason of an abort", async () => {
      const signal = AbortSignal.abort(new Error("enough"));
      await expect((await open()).run(doubled, [], { signal })).rejects.toThrow("enough");
    });
  });

  describe.for<Precision>(["float64", "float32"])("any program (%s)", (precision) => {
    test("gives what plain loops give, of small whole numbers exactly", async () => {
      const operation = await open();
      const run = async (program: Program, seed: number) => {
        const draw = random(seed);
        const held = await Promise.all(
          program.inputs.map(async ([rows, columns]) => {
            const all = matrix(
              rows + 3,
              columns + 5,
              numbers((rows + 3) * (columns + 5), precision),
            );
            for (let i = 0; i < all.data.length; i++) all.data[i] = draw(5) - largestEntry;
            return { of: await operation.load(all), all };
          }),
        );
        const shapes = [...program.inputs, ...program.steps.map(({ shape }) => shape)];
        const results = program.outputs.map((output) => shapes[output]!);
        const targets = await Promise.all(
          results.map(([rows, columns]) =>
            operation.allocate([2 * rows + 1, columns + 2], precision),
          ),
        );
        const expected: (readonly number[])[][] = [];
        const written: (readonly number[])[][] = [];
        const groups: ProgramGroup[] = [];
        for (let g = 0; g < 5; g++) {
          const tasks: ProgramTask[] = [];
          const sums = results.map(([rows, columns]) => Array<number>(rows * columns).fill(0));
          for (let t = draw(4); t > 0; t--) {
            const weight = [undefined, -1, 2, 3][draw(4)];
            const inputs = held.map(({ of }) => ({ of, row: draw(2), column: draw(3) }));
            tasks.push({ inputs, ...(weight === undefined ? {} : { weight }) });
            const blocks = inputs.map(({ row, column }, i) =>
              blockOf(held[i]!.all, row, column, program.inputs[i]!),
            );
            (await outputsOf(program, blocks)).forEach(({ data }, o) => {
              data.forEach((entry, k) => {
                sums[o]![k]! += (weight ?? 1) * entry;
              });
            });
          }
          const place = written.length;
          if (place < 2 && draw(2) === 0) {
            const into = results.map(([rows], o) => ({
              of: targets[o]!,
              row: 1 + place * rows,
              column: 1,
            }));
            groups.push({ tasks, into });
            written.push(sums);
            expected.push([]);
          } else {
            groups.push({ tasks });
            expected.push(sums);
          }
        }
        const found = await operation.run(program, groups);
        expect(found.map((sums) => sums.map(({ data }) => plain(data)))).toEqual(
          expected.map((sums) => sums.map(plain)),
        );
        for (const [o, [rows, columns]] of results.entries()) {
          const frame = matrix(2 * rows + 1, columns + 2);
          written.forEach((sums, place) => {
            sums[o]!.forEach((entry, k) => {
              const row = 1 + place * rows + Math.floor(k / columns);
              frame.data[row * (columns + 2) + 1 + (k % columns)] = entry;
            });
          });
          expect(plain((await operation.read(targets[o]!)).data)).toEqual(plain(frame.data));
        }
        for (const { of } of held) of.release();
        for (const target of targets) target.release();
      };
      await fc.assert(fc.asyncProperty(programs, fc.nat(), run), { numRuns: runs });
    });
  });
}
