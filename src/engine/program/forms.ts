import type { Program, ProgramStep } from "../../tensor/index.ts";

/** How an engine keeps a matrix: as it is, by its rows, or its transpose, that is by its columns. */
export type Form = "rows" | "columns";

type Product = ProgramStep & { readonly kind: "product" };

/** The forms in which an engine takes the operands of a product, to give the result in `result`. */
export type OperandForms = (step: Product, result: Form) => readonly [a: Form, b: Form];

export function turned(form: Form): Form {
  return form === "rows" ? "columns" : "rows";
}

/** Rounds of improvement: each lets a choice travel along a row of steps. */
const rounds = 4;

/**
 * The form that each register is made in, so that few have to be turned for the steps that use them: a
 * product gives either form, what works entry by entry any form its operands share. Found by changing
 * one choice after another, from the last, as long as less is turned. Registers that are inputs, or a
 * view of another, follow what is asked of them.
 */
export class Forms {
  readonly #program: Program;
  readonly #operandForms: OperandForms;
  readonly #chosen: Form[];

  constructor(program: Program, operandForms: OperandForms) {
    this.#program = program;
    this.#operandForms = operandForms;
    this.#chosen = program.steps.map(() => "rows");
    let cost = this.#cost();
    for (let round = 0; round < rounds; round++) {
      const before = cost;
      for (let i = program.steps.length - 1; i >= 0; i--) {
        if (!eitherForm(program.steps[i]!)) continue;
        this.#chosen[i] = turned(this.#chosen[i]!);
        const changed = this.#cost();
        if (changed < cost) cost = changed;
        else this.#chosen[i] = turned(this.#chosen[i]!);
      }
      if (cost === before) break;
    }
  }

  /** The form a register is there in without being turned; undefined when it can be had in either. */
  of(register: number): Form | undefined {
    const [made, form] = this.#seen(register, "rows");
    const chosen = this.#chosen[made - this.#program.inputs.length];
    return chosen && form === "columns" ? turned(chosen) : chosen;
  }

  /** The form that two registers have in common, or else the one to turn the second to. */
  shared(a: number, b: number): Form {
    return this.of(a) ?? this.of(b) ?? "rows";
  }

  /** Numbers that are turned, and that inputs are packed of. */
  #cost(): number {
    const { inputs, steps, outputs } = this.#program;
    const asked = new Set<number>();
    let cost = 0;
    const ask = (asker: number, wanted: Form) => {
      const [register, form] = this.#seen(asker, wanted);
      const step = steps[register - inputs.length];
      const key = 2 * register + (form === "rows" ? 0 : 1);
      if (asked.has(key) || (step && this.#chosen[register - inputs.length] === form)) return;
      asked.add(key);
      const [rows, columns] = step?.shape ?? inputs[register]!;
      cost += rows * columns;
    };
    steps.forEach((step, i) => {
      for (const [register, form] of this.operands(step, this.#chosen[i]!)) ask(register, form);
    });
    for (const output of outputs) ask(output, this.of(output) ?? "columns");
    return cost;
  }

  /** The register that another is a view of, itself if of none, in the form that gives it in `form`. */
  #seen(register: number, form: Form): readonly [register: number, form: Form] {
    const step = this.#program.steps[register - this.#program.inputs.length];
    if (step?.kind === "block") return this.#seen(step.of, form);
    if (step?.kind === "transpose") return this.#seen(step.of, turned(form));
    return [register, form];
  }

  /** What a step that is made in `form` asks for. */
  operands(step: ProgramStep, form: Form): readonly (readonly [register: number, form: Form])[] {
    switch (step.kind) {
      case "product": {
        const [a, b] = this.#operandForms(step, form);
        return [
          [step.a, a],
          [step.b, b],
        ];
      }
      case "hadamard":
        return [
          [step.a, form],
          [step.b, form],
        ];
      case "sum":
        return step.terms.map(({ of }) => [of, form]);
      case "scale":
        return [
          [step.of, form],
          [step.by, this.of(step.by) ?? form],
        ];
      case "stack":
        return step.parts.map((part) => [part, form]);
      case "dot": {
        const shared = this.shared(step.a, step.b);
        return [
          [step.a, shared],
          [step.b, shared],
        ];
      }
      case "rowDots":
        return [
          [step.a, "rows"],
          [step.b, "rows"],
        ];
      case "block":
      case "transpose":
        return [];
    }
  }
}

/** Whether a step can make its matrix in one form as well as in the other. */
function eitherForm({ kind }: ProgramStep): boolean {
  return (
    kind === "product" ||
    kind === "hadamard" ||
    kind === "sum" ||
    kind === "scale" ||
    kind === "stack"
  );
}
