import "../../src/engine/node/index.ts";
import { type EngineName, openEngine, programsOf } from "../../src/engine/index.ts";
import {
  type Engine,
  matrix,
  numbers,
  type Precision,
  type Program,
  ProgramBuilder,
} from "../../src/tensor/index.ts";
import { fastest, gemmPeak } from "./support/gemm-peak.ts";

export const name = "programs: small products in a row, large ones, and the two-layer kernel";

interface Case {
  readonly name: string;
  readonly program: Program;
  readonly tasks: number;
}

/** Sixteen products [size, size], each of the one before, and its dot with the first. */
function chain(size: number): Program {
  const p = new ProgramBuilder();
  const inputs = Array.from({ length: 4 }, () => p.input(size, size));
  let last = inputs[0]!;
  for (let i = 0; i < 16; i++) {
    last = p.product(last, inputs[i % 4]!, { transposeB: i % 3 === 0 });
  }
  return p.program(p.dot(last, inputs[0]!));
}

function large(): Program {
  const p = new ProgramBuilder();
  return p.program(p.product(p.input(512, 128), p.input(512, 128), { transposeB: true }));
}

/** A row of the exact similarity of two layers: X[:, k] of hidden unit k. */
function twoLayers(d: number, m: number): Program {
  const p = new ProgramBuilder();
  const [v, first, second] = [p.input(2 * m, d), p.input(d, d), p.input(d, d)];
  const [sa, sb] = [p.input(m, m), p.input(m, m)];
  const [y1, y2] = [first, second].map((form) =>
    p.product(p.product(v, form), v, { transposeB: true }),
  ) as [ReturnType<typeof p.product>, ReturnType<typeof p.product>];
  const part = (y: typeof y1, row: number, column: number) => p.block(y, row * m, column * m, m, m);
  const z = p.sum(
    [0.25, p.hadamard(part(y1, 1, 0), part(y2, 0, 1))],
    [0.25, p.hadamard(part(y1, 1, 1), part(y2, 0, 0))],
    [0.25, p.hadamard(part(y1, 0, 0), part(y2, 1, 1))],
    [0.25, p.hadamard(part(y1, 0, 1), part(y2, 1, 0))],
  );
  return p.program(p.rowDots(p.product(sa, z), sb));
}

const cases: readonly Case[] = [
  { name: "64·64·64, sixteen in a row", program: chain(64), tasks: 256 },
  { name: "32·32·32, sixteen in a row", program: chain(32), tasks: 1024 },
  { name: "512·128·512", program: large(), tasks: 24 },
  { name: "two layers d 128 m 256", program: twoLayers(128, 256), tasks: 32 },
];

/** Operations of the products of a program. */
function operations({ inputs, steps }: Program): number {
  const shapes = [...inputs, ...steps.map(({ shape }) => shape)];
  return steps.reduce(
    (sum, step) =>
      step.kind === "product"
        ? sum + 2 * step.shape[0] * step.shape[1] * shapes[step.a]![step.transposeA ? 0 : 1]
        : sum,
    0,
  );
}

async function measure(engine: Engine, precision: Precision, { program, tasks }: Case) {
  const own = programsOf(engine);
  const inputs = await Promise.all(
    program.inputs.map(async ([rows, columns]) => {
      const all = matrix(2 * rows, 2 * columns, numbers(4 * rows * columns, precision));
      all.data.forEach((_, i) => {
        all.data[i] = ((i * 7) % 11) / 110 - 0.05;
      });
      return own.load(all);
    }),
  );
  const shift = (limit: number, t: number) => (t * 4) % (limit + 1);
  const groups = Array.from({ length: tasks }, (_, t) => ({
    tasks: [
      {
        inputs: inputs.map((of, i) => ({
          of,
          row: shift(program.inputs[i]![0], t),
          column: shift(program.inputs[i]![1], t),
        })),
      },
    ],
  }));
  const milliseconds = await fastest(5, () => own.run(program, groups));
  for (const held of inputs) held.release();
  return (tasks * operations(program)) / milliseconds / 1e6;
}

const configurations: readonly [EngineName, number | undefined][] = [
  ["wasm", 1],
  ["wasm", undefined],
  ["onnx", undefined],
];

/** Per engine, precision and case: operations a second of the products alone, share of the GEMM peak. */
export async function run(print: (line: string) => void): Promise<void> {
  for (const [engineName, threads] of configurations) {
    let engine: Engine;
    try {
      engine = await openEngine(engineName, threads === undefined ? {} : { threads });
    } catch (error) {
      print(`${engineName}: ${error instanceof Error ? error.message : error}`);
      continue;
    }
    if (!engine.programs) continue;
    for (const precision of engine.info.precisions) {
      for (const one of cases) {
        const before = await gemmPeak(engine, precision);
        const rate = await measure(engine, precision, one);
        const peak = Math.max(before, await gemmPeak(engine, precision));
        print(
          `${engineName.padEnd(5)} ${precision} ${engine.info.threads} threads: ${one.name.padEnd(26)} ` +
            `${rate.toFixed(1)} GF/s, ${((100 * rate) / peak).toFixed(0)} % of its GEMM peak ${peak.toFixed(1)} GF/s`,
        );
      }
    }
    await engine.dispose();
  }
}
