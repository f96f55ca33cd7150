import type {
  Block,
  Engine,
  HeldMatrix,
  Matrix,
  Precision,
  Program,
  ProgramGroup,
  ProgramOperation,
  ProgramOptions,
} from "../../tensor/index.ts";
import { matrix, numbers, precisionOf } from "../../tensor/index.ts";
import { Pause } from "../pause.ts";
import { requirePrecision } from "../product.ts";
import { Held, requireGroups } from "./held.ts";
import { blockOf, interpret } from "./interpret.ts";

const composed = new WeakMap<Engine, ProgramOperation>();

/**
 * The program operation of an engine: its own, or one composed of its `gemm`, which runs a task at a
 * time and does everything but products in plain loops.
 */
export function programsOf(engine: Engine): ProgramOperation {
  if (engine.programs) return engine.programs;
  const programs = composed.get(engine) ?? new ComposedPrograms(engine);
  composed.set(engine, programs);
  return programs;
}

class ComposedPrograms implements ProgramOperation {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async load({ shape, data }: Matrix): Promise<HeldMatrix> {
    requirePrecision(this.#engine.info, precisionOf(data));
    return this.#held(matrix(...shape, data.slice()));
  }

  async allocate([rows, columns]: Matrix["shape"], precision: Precision): Promise<HeldMatrix> {
    requirePrecision(this.#engine.info, precision);
    return this.#held(matrix(rows, columns, numbers(rows * columns, precision)));
  }

  async read(held: HeldMatrix): Promise<Matrix> {
    const { content } = Held.require<Matrix>(held, this, this.#engine.info.name);
    return matrix(...content.shape, content.data.slice());
  }

  async run(
    program: Program,
    groups: readonly ProgramGroup[],
    { signal, progress }: ProgramOptions = {},
  ): Promise<readonly (readonly Matrix[])[]> {
    signal?.throwIfAborted();
    const [any] = requireGroups<Matrix>(program, groups, this, this.#engine.info.name);
    const pause = new Pause(signal);
    const results: (readonly Matrix[])[] = [];
    for (const { tasks, into } of groups) {
      const sums = await this.#sums(program, tasks, any?.precision ?? "float64", pause);
      into?.forEach((block, i) => {
        write(sums[i]!, block);
      });
      results.push(into ? [] : sums);
      progress?.(results.length, groups.length);
    }
    return results;
  }

  async #sums(
    program: Program,
    tasks: ProgramGroup["tasks"],
    precision: Precision,
    pause: Pause,
  ): Promise<readonly Matrix[]> {
    const { gemm } = this.#engine;
    const shapes = [...program.inputs, ...program.steps.map(({ shape }) => shape)];
    const sums = program.outputs.map((output) => {
      const [rows, columns] = shapes[output]!;
      return matrix(rows, columns, numbers(rows * columns, precision));
    });
    for (const { inputs, weight = 1 } of tasks) {
      await pause.here();
      const blocks = inputs.map(({ of, row, column }, i) =>
        blockOf((of as Held<Matrix>).content, row, column, program.inputs[i]!),
      );
      const outputs = await interpret(program, blocks, gemm.bind(this.#engine));
      sums.forEach(({ data }, i) => {
        const term = outputs[i]!.data;
        for (let k = 0; k < data.length; k++) data[k]! += weight * term[k]!;
      });
    }
    return sums;
  }

  #held(content: Matrix): HeldMatrix {
    return new Held<Matrix>({
      engine: this.#engine.info.name,
      owner: this,
      shape: content.shape,
      precision: precisionOf(content.data),
      content,
    });
  }
}

function write({ shape: [rows, columns], data }: Matrix, { of, row, column }: Block): void {
  const { content } = of as Held<Matrix>;
  for (let i = 0; i < rows; i++) {
    const entries = data.subarray(i * columns, (i + 1) * columns);
    content.data.set(entries, (row + i) * content.shape[1] + column);
  }
}
