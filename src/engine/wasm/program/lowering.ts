import type { Precision, Program, ProgramStep } from "../../../tensor/index.ts";
import { type Form, Forms, type OperandForms, turned } from "../../program/forms.ts";
import { lanesOf } from "../packed.ts";
import { type Code, encode, type Instruction, type Place, storageFor } from "./code.ts";

/** X·Yᵀ of X and Y packed in their rows, whichever of the two is to be packed in panels of the result. */
const operandForms: OperandForms = ({ transposeA, transposeB }) => [
  transposeA ? "columns" : "rows",
  transposeB ? "rows" : "columns",
];

/**
 * The instructions of a program. Matrices stay packed from the input to the output, in the form that
 * the next product takes; blocks and transposes are, where panels allow, but another view.
 *
 * @param kept for each input whether a task may use what the task before packed
 */
export function lowered(program: Program, precision: Precision, kept: readonly boolean[]): Code {
  return new Lowering(program, precision, kept).code();
}

class Lowering {
  readonly #program: Program;
  readonly #precision: Precision;
  readonly #kept: readonly boolean[];
  readonly #forms: Forms;
  readonly #instructions: Instruction[] = [];
  /** The places of each register, by its form. */
  readonly #places: Partial<Record<Form, Place>>[];

  constructor(program: Program, precision: Precision, kept: readonly boolean[]) {
    this.#program = program;
    this.#precision = precision;
    this.#kept = kept;
    this.#forms = new Forms(program, operandForms);
    this.#places = [...program.inputs, ...program.steps].map(() => ({}));
  }

  code(): Code {
    const { inputs, steps, outputs } = this.#program;
    steps.forEach((step, i) => {
      if (step.kind !== "block" && step.kind !== "transpose") this.#make(step, inputs.length + i);
    });
    // All there before the first is written: an output may go where an input came from.
    const results = outputs.map((register) => {
      const form = this.#forms.of(register) ?? "columns";
      return { register, form, place: this.#place(register, form) };
    });
    results.forEach(({ register, form, place }, i) => {
      const [rows, inner] = this.#packedShape(register, form);
      this.#instructions.push({
        kind: form === "rows" ? "outputRows" : "outputColumns",
        a: place,
        z: storageFor(rows, inner, this.#precision, true),
        rows,
        inner,
        slot: inputs.length + i,
      });
    });
    return encode(this.#instructions);
  }

  /** Makes the register of a step in the form that is chosen for it. */
  #make(step: Exclude<ProgramStep, { kind: "block" | "transpose" }>, register: number): void {
    const form = this.#forms.of(register)!;
    const [rows, inner] = this.#packedShape(register, form);
    const z = storageFor(rows, inner, this.#precision);
    const size = { z, rows, inner };
    const at = (operand: number) => this.#place(operand, form);
    switch (step.kind) {
      case "product": {
        const [formA, formB] = operandForms(step, form);
        const a = this.#place(step.a, formA);
        const b = this.#place(step.b, formB);
        const depth = this.#packedShape(step.a, formA)[1];
        const [x, y] = form === "rows" ? [a, b] : [b, a];
        this.#instructions.push({
          kind: "product",
          a: x,
          b: y,
          z,
          rows,
          other: inner,
          inner: depth,
        });
        break;
      }
      case "hadamard":
        this.#instructions.push({ kind: "hadamard", a: at(step.a), b: at(step.b), ...size });
        break;
      case "sum":
        this.#sum(step.terms, form, size);
        break;
      case "scale": {
        const by = this.#place(step.by, this.#forms.of(step.by) ?? form);
        this.#instructions.push({ kind: "scale", a: at(step.of), b: by, ...size });
        break;
      }
      case "stack":
        this.#stack(step.parts, form, z);
        break;
      case "dot":
      case "rowDots": {
        const shared = step.kind === "dot" ? this.#forms.shared(step.a, step.b) : "rows";
        const [height, width] = this.#packedShape(step.a, shared);
        const [a, b] = [this.#place(step.a, shared), this.#place(step.b, shared)];
        this.#instructions.push({ kind: step.kind, a, b, z, rows: height, inner: width });
        break;
      }
    }
    this.#places[register]![form] = z;
  }

  #sum(
    terms: readonly { readonly of: number; readonly times: number }[],
    form: Form,
    size: { readonly z: Place; readonly rows: number; readonly inner: number },
  ): void {
    const [first, second, ...others] = terms.map(({ of, times }) => ({
      place: this.#place(of, form),
      times,
    }));
    const a = { a: first!.place, alpha: first!.times };
    if (!second) {
      this.#instructions.push({ kind: "multiple", ...a, ...size });
      return;
    }
    this.#instructions.push({
      kind: "combine",
      ...a,
      b: second.place,
      beta: second.times,
      ...size,
    });
    for (const { place, times } of others) {
      const b = { b: place, beta: times };
      this.#instructions.push({ kind: "combine", a: size.z, alpha: 1, ...b, ...size });
    }
  }

  #stack(parts: readonly number[], form: Form, z: Place): void {
    let above = 0;
    for (const part of parts) {
      const [rows, inner] = this.#packedShape(part, form);
      const a = this.#place(part, form);
      if (form === "columns") {
        const to = { ...z, offset: z.offset + above * 32 };
        this.#instructions.push({ kind: "copy", a, z: to, rows, inner });
        above += inner;
      } else {
        this.#move(a, 0, z, above, rows, inner);
        above += rows;
      }
    }
  }

  /** Copies packed rows from row `from` of `a` on to row `to` of `z` on. */
  #move(a: Place, from: number, z: Place, to: number, rows: number, inner: number): void {
    const lanes = lanesOf(this.#precision);
    const aligned = from % lanes === 0 && to % lanes === 0;
    this.#instructions.push(
      aligned
        ? { kind: "copy", a: lower(a, from / lanes), z: lower(z, to / lanes), rows, inner }
        : { kind: "shift", a, from, z, other: to, rows, inner },
    );
  }

  /** Where a register is in `form`, made so if it is not yet there. */
  #place(register: number, form: Form): Place {
    const places = this.#places[register]!;
    places[form] ??= this.#brought(register, form);
    return places[form];
  }

  #brought(register: number, form: Form): Place {
    const { inputs, steps } = this.#program;
    const step = steps[register - inputs.length];
    if (step?.kind === "transpose") return this.#place(step.of, turned(form));
    if (step?.kind === "block") return this.#block(step, form);
    const [rows, inner] = this.#packedShape(register, form);
    const kept = step ? false : this.#kept[register]!;
    const z = storageFor(rows, inner, this.#precision, kept);
    if (step) {
      const a = this.#places[register]![turned(form)]!;
      this.#instructions.push({ kind: "turn", a, z, rows: inner, inner: rows });
    } else {
      const kind = form === "rows" ? "packRows" : "packColumns";
      this.#instructions.push({ kind, z, rows, inner, slot: register });
    }
    return z;
  }

  #block(step: ProgramStep & { kind: "block" }, form: Form): Place {
    const lanes = lanesOf(this.#precision);
    const whole = this.#place(step.of, form);
    const [from, across] = form === "rows" ? [step.row, step.column] : [step.column, step.row];
    const a = { ...whole, offset: whole.offset + across * 32 };
    if (from % lanes === 0) return lower(a, from / lanes);
    const [height, width] = step.shape;
    const [rows, inner] = form === "rows" ? [height, width] : [width, height];
    const z = storageFor(rows, inner, this.#precision);
    this.#move(a, from, z, 0, rows, inner);
    return z;
  }

  /** Rows and inner indices of a register packed in `form`. */
  #packedShape(register: number, form: Form): readonly [rows: number, inner: number] {
    const { inputs, steps } = this.#program;
    const [rows, columns] = inputs[register] ?? steps[register - inputs.length]!.shape;
    return form === "rows" ? [rows, columns] : [columns, rows];
  }
}

/** What begins a number of panels further down. */
function lower(place: Place, panels: number): Place {
  return { ...place, offset: place.offset + panels * place.stride };
}
