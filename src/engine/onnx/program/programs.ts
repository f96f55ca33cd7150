import type {
  EngineInfo,
  Matrix,
  Numbers,
  Precision,
  Program,
  ProgramGroup,
  ProgramOptions,
  ProgramTask,
} from "../../../tensor/index.ts";
import { matrix, numbers } from "../../../tensor/index.ts";
import { ArrayPrograms, write } from "../../program/arrays.ts";
import { requireGroups } from "../../program/held.ts";
import type { Operand, Runner } from "../runtime.ts";
import { tasksAtOnce } from "./batch.ts";
import { gather } from "./gather.ts";
import { type Part, type ProgramGraph, programGraph } from "./graph.ts";

/** Programs as graphs that compute many tasks at once. */
export class OnnxPrograms extends ArrayPrograms {
  readonly #runner: Runner;
  /** The graphs of programs that are still known, by precision and the inputs that are shared. */
  readonly #graphs = new WeakMap<Program, Map<string, ProgramGraph>>();

  constructor(info: EngineInfo, runner: Runner) {
    super(info);
    this.#runner = runner;
  }

  async run(
    program: Program,
    groups: readonly ProgramGroup[],
    { signal, progress }: ProgramOptions = {},
  ): Promise<readonly (readonly Matrix[])[]> {
    signal?.throwIfAborted();
    const [any] = requireGroups<Matrix>(program, groups, this, this.info.name);
    const precision = any?.precision ?? "float64";
    const tasks = groups.flatMap((group) => group.tasks);
    const own = this.#graph(program, precision, sharedInputs(tasks, program.inputs.length));
    const atOnce = Math.min(tasks.length, tasksAtOnce(program, own, precision));
    const operands = operandsOf(own, atOnce, precision);
    const result = numbers(atOnce * own.width, precision);
    const sums = new Sums(groups, own.parts, precision, progress);
    for (let from = 0; from < tasks.length; from += atOnce) {
      signal?.throwIfAborted();
      const batch = tasks.slice(from, from + atOnce);
      for (const feed of own.feeds) {
        if (!feed.shared || from === 0) gather(feed, batch, operands[feed.name]!.data);
      }
      const count = batch.length;
      const data = result.subarray(0, count * own.width);
      await this.#runner.run(own.graph, inBatch(own, operands, count), {
        data,
        shape: [count, own.width],
      });
      batch.forEach(({ weight = 1 }, t) => {
        sums.add(data.subarray(t * own.width, (t + 1) * own.width), weight);
      });
    }
    signal?.throwIfAborted();
    return sums.all();
  }

  #graph(program: Program, precision: Precision, shared: readonly boolean[]): ProgramGraph {
    const graphs = this.#graphs.get(program) ?? new Map<string, ProgramGraph>();
    this.#graphs.set(program, graphs);
    const key = `${precision} ${shared.map(Number).join("")}`;
    const graph = graphs.get(key) ?? programGraph(program, precision, shared);
    graphs.set(key, graph);
    return graph;
  }
}

/** For each of `count` inputs whether all tasks have the same block. */
function sharedInputs(tasks: readonly ProgramTask[], count: number): readonly boolean[] {
  const [first] = tasks;
  return Array.from({ length: count }, (_, i) =>
    tasks.every(({ inputs }) => {
      const [a, b] = [first!.inputs[i]!, inputs[i]!];
      return a.of === b.of && a.row === b.row && a.column === b.column;
    }),
  );
}

/** Storage for the inputs of a graph over `count` tasks, its factors written. */
function operandsOf({ feeds, factors }: ProgramGraph, count: number, precision: Precision) {
  const operands: Record<string, Operand> = {};
  for (const { name, shape, form, shared } of feeds) {
    const sizes = form === "rows" ? shape : shape.toReversed();
    const data = numbers((shared ? 1 : count) * shape[0] * shape[1], precision);
    operands[name] = { data, shape: shared ? sizes : [count, ...sizes] };
  }
  for (const [name, factor] of Object.entries(factors)) {
    operands[name] = { data: numbers(1, precision).fill(factor), shape: [1] };
  }
  return operands;
}

/** The operands of the first `count` tasks. */
function inBatch({ feeds }: ProgramGraph, all: Record<string, Operand>, count: number) {
  const operands = { ...all };
  for (const { name, shared } of feeds) {
    if (shared) continue;
    const { data, shape } = all[name]!;
    const sizes = shape.slice(1);
    const size = sizes.reduce((product, axis) => product * axis, 1);
    operands[name] = { data: data.subarray(0, count * size), shape: [count, ...sizes] };
  }
  return operands;
}

/** Adds up the results of tasks that come in their order, group by group. */
class Sums {
  readonly #groups: readonly ProgramGroup[];
  readonly #parts: readonly Part[];
  readonly #precision: Precision;
  readonly #progress: ProgramOptions["progress"];
  readonly #done: (readonly Matrix[])[] = [];
  #sums: Numbers;
  /** Tasks added to the sums so far. */
  #added = 0;

  constructor(
    groups: readonly ProgramGroup[],
    parts: readonly Part[],
    precision: Precision,
    progress: ProgramOptions["progress"],
  ) {
    this.#groups = groups;
    this.#parts = parts;
    this.#precision = precision;
    this.#progress = progress;
    this.#sums = this.#zeros();
    this.#finish();
  }

  add(result: Numbers, weight: number): void {
    const sums = this.#sums;
    for (let i = 0; i < result.length; i++) sums[i]! += weight * result[i]!;
    this.#added++;
    this.#finish();
  }

  all(): readonly (readonly Matrix[])[] {
    return this.#done;
  }

  /** Delivers the sums of groups that have all their tasks. */
  #finish(): void {
    for (;;) {
      const group = this.#groups[this.#done.length];
      if (!group || this.#added < group.tasks.length) return;
      const sums = this.#parts.map((part) => matrixOf(part, this.#sums));
      group.into?.forEach((block, o) => {
        write(sums[o]!, block);
      });
      this.#done.push(group.into ? [] : sums);
      this.#progress?.(this.#done.length, this.#groups.length);
      this.#sums = this.#zeros();
      this.#added = 0;
    }
  }

  #zeros(): Numbers {
    return numbers(
      this.#parts.reduce((sum, { shape }) => sum + shape[0] * shape[1], 0),
      this.#precision,
    );
  }
}

function matrixOf({ at, shape, form }: Part, all: Numbers): Matrix {
  const [rows, columns] = shape;
  const data = all.slice(at, at + rows * columns);
  if (form === "columns") {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) data[i * columns + j] = all[at + j * rows + i]!;
    }
  }
  return matrix(rows, columns, data);
}
