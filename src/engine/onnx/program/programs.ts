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
import type { RemoteRunner } from "../remote.ts";
import type { RemoteOperand } from "../worker.ts";
import { tasksAtOnce } from "./batch.ts";
import { gather } from "./gather.ts";
import { type Feed, type Part, type ProgramGraph, programGraph } from "./graph.ts";

/** Runs asked for ahead of their answers, so that the worker need not wait for what this thread gathers. */
const ahead = 2;

/** Programs as graphs that compute many tasks at once, in a worker that this thread gathers blocks for. */
export class OnnxPrograms extends ArrayPrograms {
  readonly #runner: RemoteRunner;
  /** The graphs of programs that are still known, by precision and the inputs that are shared. */
  readonly #graphs = new WeakMap<Program, Map<string, ProgramGraph>>();

  constructor(info: EngineInfo, runner: RemoteRunner) {
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
    const sums = new Sums(groups, own.parts, precision, progress);
    const fixed = this.#fixed(own, tasks, precision);
    const asked: { readonly batch: readonly ProgramTask[]; readonly answer: Promise<Numbers> }[] =
      [];
    const take = async () => {
      const { batch, answer } = asked.shift()!;
      const result = await answer;
      batch.forEach(({ weight = 1 }, t) => {
        sums.add(result.subarray(t * own.width, (t + 1) * own.width), weight);
      });
    };
    try {
      for (let from = 0; from < tasks.length; from += atOnce) {
        const batch = tasks.slice(from, from + atOnce);
        const inputs = { ...fixed.operands, ...gathered(own, batch, precision) };
        const answer = this.#runner.run(own.graph, inputs, [batch.length, own.width], signal);
        // One that is asked for behind another that fails is not waited for.
        answer.catch(() => {});
        asked.push({ batch, answer });
        if (asked.length === ahead) await take();
      }
      while (asked.length > 0) await take();
    } finally {
      this.#runner.drop(fixed.store);
    }
    return sums.all();
  }

  /** The inputs that are one for all tasks, and the factors, in a store of the worker. */
  #fixed({ feeds, factors }: ProgramGraph, tasks: readonly ProgramTask[], precision: Precision) {
    const shared = feeds.filter((feed) => feed.shared && tasks.length > 0);
    const all = [
      ...shared.map((feed) => ({ name: feed.name, shape: shapeOf(feed), feed })),
      ...Object.entries(factors).map(([name, factor]) => ({ name, shape: [1], factor })),
    ].map((one) => ({ ...one, length: one.shape.reduce((size, axis) => size * axis, 1) }));
    const store = this.#runner.store(
      precision,
      all.reduce((sum, { length }) => sum + length, 0),
    );
    const operands: Record<string, RemoteOperand> = {};
    let from = 0;
    for (const { name, shape, length, ...source } of all) {
      const data = numbers(length, precision);
      if ("feed" in source) gather(source.feed, tasks.slice(0, 1), data);
      else data[0] = source.factor;
      this.#runner.write(store, from, data);
      operands[name] = { store, from, length, shape };
      from += length;
    }
    return { store, operands };
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

/** The inputs of a graph that each task has of its own. */
function gathered({ feeds }: ProgramGraph, tasks: readonly ProgramTask[], precision: Precision) {
  const operands: Record<string, RemoteOperand> = {};
  for (const feed of feeds) {
    if (feed.shared) continue;
    const data = numbers(tasks.length * feed.shape[0] * feed.shape[1], precision);
    gather(feed, tasks, data);
    operands[feed.name] = { data, shape: [tasks.length, ...shapeOf(feed)] };
  }
  return operands;
}

/** The shape in which a block is gathered. */
function shapeOf({ shape, form }: Feed): readonly number[] {
  return form === "rows" ? shape : shape.toReversed();
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
