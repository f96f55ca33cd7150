import type { Precision, Program, ProgramStep } from "../../../tensor/index.ts";
import { type Form, Forms, type OperandForms, turned } from "../../program/forms.ts";
import type { Graph, Operation } from "../model.ts";
import { narrowed } from "./narrowed.ts";

/** A block of an input of the program that is an input of the graph, by its rows or its columns. */
export interface Feed {
  readonly name: string;
  readonly input: number;
  readonly row: number;
  readonly column: number;
  /** Of the block, whatever the form. */
  readonly shape: readonly [rows: number, columns: number];
  readonly form: Form;
  /** Whether there is one for all tasks. */
  readonly shared: boolean;
}

/** Where an output lies in a task's row of the result. */
export interface Part {
  readonly at: number;
  readonly shape: readonly [rows: number, columns: number];
  readonly form: Form;
}

/** A program as a graph over any number of tasks, whose result has a row for each. */
export interface ProgramGraph {
  readonly graph: Graph;
  readonly feeds: readonly Feed[];
  /** Inputs of one number. */
  readonly factors: Readonly<Record<string, number>>;
  readonly parts: readonly Part[];
  readonly width: number;
}

/** op(A)·op(B), or for its transpose op(B)ᵀ·op(A)ᵀ. */
const operandForms: OperandForms = ({ transposeA, transposeB }, result) => {
  const a = transposeA ? "columns" : "rows";
  const b = transposeB ? "columns" : "rows";
  return result === "rows" ? [a, b] : [turned(a), turned(b)];
};

/**
 * The graph of a program. A matrix is [tasks, rows, columns], or [rows, columns] when it is one for all
 * tasks; both go together in products and what works entry by entry.
 *
 * @param shared for each input whether it is one for all tasks
 */
export function programGraph(
  program: Program,
  precision: Precision,
  shared: readonly boolean[],
): ProgramGraph {
  const own = varies(program, shared) ? shared : shared.map(() => false);
  return new GraphWriter(narrowed(program), own).graph(precision);
}

/** Whether every output is a task's own, and no stack has parts that are beside others that are not. */
function varies({ inputs, steps, outputs }: Program, shared: readonly boolean[]): boolean {
  const one = [...shared];
  for (const step of steps) {
    const operands = operandsOf(step).map((operand) => one[operand]!);
    const all = operands.every(Boolean);
    if (step.kind === "stack" && !all && operands.some(Boolean)) return false;
    one.push(all);
  }
  return one.length === inputs.length + steps.length && outputs.every((output) => !one[output]);
}

function operandsOf(step: ProgramStep): readonly number[] {
  switch (step.kind) {
    case "product":
    case "hadamard":
    case "dot":
    case "rowDots":
      return [step.a, step.b];
    case "sum":
      return step.terms.map(({ of }) => of);
    case "scale":
      return [step.of, step.by];
    case "stack":
      return step.parts;
    case "transpose":
    case "block":
      return [step.of];
  }
}

class GraphWriter {
  readonly #program: Program;
  readonly #shared: readonly boolean[];
  readonly #forms: Forms;
  readonly #operations: Operation[] = [];
  readonly #constants: Record<string, readonly number[]> = {};
  readonly #factors: Record<string, number> = {};
  readonly #feeds: Feed[] = [];
  /** The tensor of each register, by its form. */
  readonly #tensors: Partial<Record<Form, string>>[];
  /** Names of tensors with a matrix for each task. */
  readonly #batched = new Set<string>();

  constructor(program: Program, shared: readonly boolean[]) {
    this.#program = program;
    this.#shared = shared;
    this.#forms = new Forms(program, operandForms);
    this.#tensors = [...program.inputs, ...program.steps].map(() => ({}));
  }

  graph(precision: Precision): ProgramGraph {
    const { inputs, steps, outputs } = this.#program;
    let width = 0;
    const parts = outputs.map((register): Part & { readonly flat: string } => {
      const form = this.#forms.of(register) ?? "rows";
      const shape = inputs[register] ?? steps[register - inputs.length]!.shape;
      const at = width;
      width += shape[0] * shape[1];
      const flat = this.#constant([-1, shape[0] * shape[1]]);
      const tensor = this.#tensor(register, form);
      return { at, shape, form, flat: this.#then("Reshape", [tensor, flat], {}) };
    });
    const flats = parts.map(({ flat }) => flat);
    this.#operations.push({
      type: "Concat",
      inputs: flats,
      output: "result",
      attributes: { axis: 1 },
    });
    const feeds = this.#feeds.map(({ name, shared }) => [name, shared ? 2 : 3] as const);
    const factors = Object.keys(this.#factors).map((name) => [name, 1] as const);
    return {
      graph: {
        precision,
        inputs: Object.fromEntries([...feeds, ...factors]),
        constants: this.#constants,
        operations: this.#operations,
        output: ["result", 2],
      },
      feeds: this.#feeds,
      factors: this.#factors,
      parts,
      width,
    };
  }

  /** The name of a register's tensor in `form`; what makes it is written if it is not yet. */
  #tensor(register: number, form: Form): string {
    const tensors = this.#tensors[register]!;
    tensors[form] ??= this.#written(register, form);
    return tensors[form];
  }

  #written(register: number, form: Form): string {
    const { inputs, steps } = this.#program;
    const step = steps[register - inputs.length];
    if (!step) return this.#feed(register, 0, 0, inputs[register]!, form);
    if (step.kind === "transpose") return this.#tensor(step.of, turned(form));
    if (step.kind === "block") return this.#block(step, form);
    if (this.#forms.of(register) !== form) return this.#turn(this.#tensor(register, turned(form)));
    return this.#made(step, form);
  }

  #made(step: Exclude<ProgramStep, { kind: "block" | "transpose" }>, form: Form): string {
    const at = (operand: number) => this.#tensor(operand, form);
    switch (step.kind) {
      case "product": {
        const [formA, formB] = operandForms(step, form);
        const operands = [this.#tensor(step.a, formA), this.#tensor(step.b, formB)];
        return this.#then("MatMul", form === "rows" ? operands : operands.reverse());
      }
      case "hadamard":
        return this.#then("Mul", [at(step.a), at(step.b)]);
      case "sum":
        return this.#sum(step.terms, form);
      case "scale":
        return this.#then("Mul", [at(step.of), this.#tensor(step.by, this.#formOf(step.by))]);
      case "stack":
        return this.#then("Concat", step.parts.map(at), { axis: form === "rows" ? -2 : -1 });
      case "dot":
      case "rowDots": {
        const shared = step.kind === "dot" ? this.#forms.shared(step.a, step.b) : "rows";
        const operands = [this.#tensor(step.a, shared), this.#tensor(step.b, shared)];
        const axes = this.#constant(step.kind === "dot" ? [-2, -1] : [-1]);
        return this.#then("ReduceSum", [this.#then("Mul", operands), axes]);
      }
    }
  }

  #formOf(register: number): Form {
    return this.#forms.of(register) ?? "rows";
  }

  #sum(terms: readonly { readonly of: number; readonly times: number }[], form: Form): string {
    const common = terms[0]!.times;
    if (terms.every(({ times }) => times === common)) {
      const tensors = terms.map(({ of }) => this.#tensor(of, form));
      return this.#times(
        tensors.reduce((sum, term) => this.#then("Add", [sum, term])),
        common,
      );
    }
    // A term that is taken as it is comes first, others are then added or taken away.
    const [first, ...others] = terms.toSorted((x, y) => rank(x.times) - rank(y.times));
    let sum = this.#times(this.#tensor(first!.of, form), first!.times);
    for (const { of, times } of others) {
      const term = this.#tensor(of, form);
      sum =
        times === -1
          ? this.#then("Sub", [sum, term])
          : this.#then("Add", [sum, this.#times(term, times)]);
    }
    return sum;
  }

  #times(tensor: string, factor: number): string {
    if (factor === 1) return tensor;
    const known = Object.entries(this.#factors).find(([, value]) => Object.is(value, factor));
    const name = known?.[0] ?? `factor${Object.keys(this.#factors).length}`;
    this.#factors[name] = factor;
    return this.#then("Mul", [tensor, name]);
  }

  #block(step: ProgramStep & { kind: "block" }, form: Form): string {
    const { of, row, column, shape } = step;
    const { inputs } = this.#program;
    if (of < inputs.length) return this.#feed(of, row, column, shape, form);
    const starts = form === "rows" ? [row, column] : [column, row];
    const [height, width] = form === "rows" ? shape : [shape[1], shape[0]];
    const ends = [starts[0]! + height, starts[1]! + width];
    const where = [starts, ends, [-2, -1]].map((list) => this.#constant(list));
    return this.#then("Slice", [this.#tensor(of, form), ...where]);
  }

  #feed(input: number, row: number, column: number, shape: Feed["shape"], form: Form): string {
    const known = this.#feeds.find(
      (feed) =>
        feed.input === input &&
        feed.row === row &&
        feed.column === column &&
        feed.shape[0] === shape[0] &&
        feed.shape[1] === shape[1] &&
        feed.form === form,
    );
    if (known) return known.name;
    const name = `input${this.#feeds.length}`;
    const shared = this.#shared[input]!;
    this.#feeds.push({ name, input, row, column, shape, form, shared });
    if (!shared) this.#batched.add(name);
    return name;
  }

  #turn(tensor: string): string {
    const perm = this.#batched.has(tensor) ? [0, 2, 1] : [1, 0];
    return this.#then("Transpose", [tensor], { perm });
  }

  #constant(list: readonly number[]): string {
    const name = `list${list.join("_")}`;
    this.#constants[name] = list;
    return name;
  }

  /** Writes an operation; the name of what it makes. */
  #then(type: string, inputs: readonly string[], attributes: Operation["attributes"] = {}): string {
    const output = `t${this.#operations.length}`;
    this.#operations.push({ type, inputs, output, attributes });
    if (inputs.some((input) => this.#batched.has(input))) this.#batched.add(output);
    return output;
  }
}

/** Terms that need no product come first; the first of all is not to be taken away. */
function rank(times: number): number {
  if (times === 1) return 0;
  return times === -1 ? 2 : 1;
}
