import { afterAll, expect, test } from "vitest";
import { expectAbortedAtOnce } from "../../../support/aborting.ts";
import "../../../../src/engine/node/index.ts";
import { openEngine } from "../../../../src/engine/index.ts";
import { programGraph } from "../../../../src/engine/onnx/program/graph.ts";
import { type Block, type Engine, ProgramBuilder } from "../../../../src/tensor/index.ts";
import { filled, outputsOf } from "../../support/programs.ts";

let opened: Promise<Engine> | undefined;
const open = () => {
  opened ??= openEngine("onnx", { threads: 1 });
  return opened;
};

afterAll(async () => (await opened)?.dispose());

test("matrices are gathered as products need them, so that none is transposed in the graph", () => {
  const p = new ProgramBuilder();
  const [a, b] = [p.input(8, 8), p.input(8, 8)];
  let last = a;
  for (let i = 0; i < 9; i++) last = p.product(last, [a, b][i % 2]!, { transposeB: i % 3 === 0 });
  const { graph, feeds } = programGraph(p.program(p.dot(last, a)), "float64", [false, true]);
  const types = graph.operations.map(({ type }) => type);
  expect(types).not.toContain("Transpose");
  expect(feeds.some(({ shared, input }) => input === 0 && shared)).toBe(false);
  expect(feeds.every(({ shared, input }) => input === 0 || shared)).toBe(true);
});

test("many tasks in several runs agree with plain loops, and a matrix may go once it is in use", async () => {
  const programs = (await open()).programs!;
  const p = new ProgramBuilder();
  const [a, b, c] = [p.input(90, 70), p.input(90, 70), p.input(70, 70)];
  const square = p.product(p.product(a, c), b, { transposeB: true });
  const program = p.program(p.dot(square, p.transpose(square)), p.rowDots(square, square));
  const large = filled(200, 100, 1, "float64");
  const small = filled(70, 70, 2, "float64");
  const [of, form] = [await programs.load(large), await programs.load(small)];
  const block = (row: number): Block => ({ of, row, column: row % 30 });
  const tasks = Array.from({ length: 100 }, (_, t) => ({
    inputs: [block(t), block(110 - t), { of: form, row: 0, column: 0 }],
    weight: t % 3,
  }));
  const run = programs.run(program, [{ tasks }]);
  of.release();
  const [sums] = await run;
  const totals = [new Float64Array(1), new Float64Array(90)];
  for (const { inputs, weight } of tasks) {
    const cut = inputs.map(({ of: held, row, column }, i) => {
      const [rows, columns] = program.inputs[i]!;
      const { data, shape } = held === form ? small : large;
      const entries = new Float64Array(rows * columns);
      entries.forEach((_, k) => {
        const at = (row + Math.floor(k / columns)) * shape[1] + column + (k % columns);
        entries[k] = data[at]!;
      });
      return { shape: program.inputs[i]!, data: entries };
    });
    (await outputsOf(program, cut)).forEach(({ data }, o) => {
      data.forEach((entry, k) => {
        totals[o]![k]! += weight * entry;
      });
    });
  }
  sums!.forEach(({ data }, o) => {
    const size = Math.max(...totals[o]!.map(Math.abs));
    data.forEach((entry, k) => {
      expect(Math.abs(entry - totals[o]![k]!)).toBeLessThan(1e-12 * size);
    });
  });
});

test("a run is aborted at once, and the event loop turns meanwhile", async () => {
  const programs = (await open()).programs!;
  const p = new ProgramBuilder();
  const x = p.input(256, 256);
  const program = p.program(p.dot(p.product(x, x), x));
  const of = await programs.load(filled(256, 256, 3, "float64"));
  const task = { inputs: [{ of, row: 0, column: 0 }] };
  const other = {
    inputs: [{ of: await programs.allocate([256, 256], "float64"), row: 0, column: 0 }],
  };
  const abort = new AbortController();
  const tasks = Array.from({ length: 4000 }, (_, t) => (t % 2 ? task : other));
  await expectAbortedAtOnce(programs.run(program, [{ tasks }], { signal: abort.signal }), abort);
});
