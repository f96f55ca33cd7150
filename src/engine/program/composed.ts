import type {
  Engine,
  Matrix,
  Precision,
  Program,
  ProgramGroup,
  ProgramOperation,
  ProgramOptions,
} from "../../tensor/index.ts";
import { matrix, numbers } from "../../tensor/index.ts";
import { Pause } from "../pause.ts";
import { ArrayPrograms, write } from "./arrays.ts";
import { type Held, requireGroups } from "./held.ts";
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

class ComposedPrograms extends ArrayPrograms {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    super(engine.info);
    this.#engine = engine;
  }

  async run(
    program: Program,
    groups: readonly ProgramGroup[],
    { signal, progress }: ProgramOptions = {},
  ): Promise<readonly (readonly Matrix[])[]> {
    signal?.throwIfAborted();
    const [any] = requireGroups<Matrix>(program, groups, this, this.info.name);
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
}
