import type { Program, ProgramStep } from "../../../tensor/index.ts";

type Shape = readonly [rows: number, columns: number];
type Product = ProgramStep & { readonly kind: "product" };

/** A part of a register that is asked for. */
interface Part {
  readonly row: number;
  readonly column: number;
  readonly shape: Shape;
}

/** Numbers of a part below which a product of its own is not worth it. */
const worthwhile = 128 * 128;

/**
 * The same program, products of which only blocks are used made block by block, of blocks of their
 * operands: a graph would copy the blocks out of the whole.
 *
 * @param least numbers of the smallest block to be made so
 */
export function narrowed(program: Program, least: number = worthwhile): Program {
  return new Narrowing(program, least).program();
}

class Narrowing {
  readonly #program: Program;
  readonly #shapes: readonly Shape[];
  /** Registers of products that are made block by block. */
  readonly #split: ReadonlySet<number>;
  readonly #steps: ProgramStep[] = [];
  /** The new register of an old one. */
  readonly #registers: number[];
  /** The new registers of parts of old ones. */
  readonly #parts = new Map<string, number>();

  constructor(program: Program, least: number) {
    this.#program = program;
    this.#shapes = [...program.inputs, ...program.steps.map(({ shape }) => shape)];
    this.#split = splitProducts(program, this.#shapes, least);
    this.#registers = program.inputs.map((_, i) => i);
  }

  program(): Program {
    const { inputs, steps, outputs } = this.#program;
    steps.forEach((step, i) => {
      const register = inputs.length + i;
      if (this.#split.has(register)) return;
      this.#registers[register] =
        step.kind === "block"
          ? this.#part(step.of, step)
          : this.#add(renamed(step, (old) => this.#registers[old]!));
    });
    return { inputs, steps: this.#steps, outputs: outputs.map((old) => this.#registers[old]!) };
  }

  #part(register: number, { row, column, shape }: Part): number {
    if (isWhole(shape, this.#shapes[register]!) && !this.#split.has(register)) {
      return this.#registers[register]!;
    }
    const key = keyOf(register, { row, column, shape });
    const known = this.#parts.get(key);
    if (known !== undefined) return known;
    const made = this.#madePart(register, { row, column, shape });
    this.#parts.set(key, made);
    return made;
  }

  #madePart(register: number, part: Part): number {
    if (!this.#split.has(register)) {
      const { row, column, shape } = part;
      return this.#add({ kind: "block", of: this.#registers[register]!, row, column, shape });
    }
    const step = this.#program.steps[register - this.#program.inputs.length] as Product;
    const [ofA, ofB] = operandParts(step, this.#shapes, part);
    const a = this.#part(step.a, ofA);
    const b = this.#part(step.b, ofB);
    return this.#add({ ...step, a, b, shape: part.shape });
  }

  #add(step: ProgramStep): number {
    this.#steps.push(step);
    return this.#program.inputs.length + this.#steps.length - 1;
  }
}

/** The products only parts of which are asked for, that are large and together no more than the whole. */
function splitProducts(
  { inputs, steps, outputs }: Program,
  shapes: readonly Shape[],
  least: number,
): ReadonlySet<number> {
  const asked = shapes.map(() => new Map<string, Part>());
  const ask = (register: number, part: Part) => {
    asked[register]!.set(keyOf(register, part), part);
  };
  const askWhole = (register: number) =>
    ask(register, { row: 0, column: 0, shape: shapes[register]! });
  outputs.forEach(askWhole);
  const split = new Set<number>();
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i]!;
    const register = inputs.length + i;
    if (step.kind === "block") {
      ask(step.of, step);
    } else if (step.kind !== "product" || !isSplit(asked[register]!, step.shape, least)) {
      renamed(step, (operand) => {
        askWhole(operand);
        return operand;
      });
    } else {
      split.add(register);
      for (const part of asked[register]!.values()) {
        const [a, b] = operandParts(step, shapes, part);
        ask(step.a, a);
        ask(step.b, b);
      }
    }
  }
  return split;
}

function isSplit(asked: ReadonlyMap<string, Part>, whole: Shape, least: number): boolean {
  let sum = 0;
  for (const { shape } of asked.values()) {
    const size = shape[0] * shape[1];
    if (size < least || isWhole(shape, whole)) return false;
    sum += size;
  }
  return sum > 0 && sum <= whole[0] * whole[1];
}

/** What of A and of B a part of op(A)·op(B) needs. */
function operandParts(
  { a, b, transposeA, transposeB }: Product,
  shapes: readonly Shape[],
  { row, column, shape: [rows, columns] }: Part,
): readonly [a: Part, b: Part] {
  const [heightA, widthA] = shapes[a]!;
  const [heightB, widthB] = shapes[b]!;
  return [
    transposeA
      ? { row: 0, column: row, shape: [heightA, rows] }
      : { row, column: 0, shape: [rows, widthA] },
    transposeB
      ? { row: column, column: 0, shape: [columns, widthB] }
      : { row: 0, column, shape: [heightB, columns] },
  ];
}

function isWhole(part: Shape, whole: Shape): boolean {
  return part[0] === whole[0] && part[1] === whole[1];
}

function keyOf(register: number, { row, column, shape }: Part): string {
  return [register, row, column, ...shape].join();
}

/** A step with its operands named anew. */
function renamed(step: ProgramStep, name: (operand: number) => number): ProgramStep {
  switch (step.kind) {
    case "product":
    case "hadamard":
    case "dot":
    case "rowDots":
      return { ...step, a: name(step.a), b: name(step.b) };
    case "sum":
      return { ...step, terms: step.terms.map(({ of, times }) => ({ of: name(of), times })) };
    case "scale":
      return { ...step, of: name(step.of), by: name(step.by) };
    case "stack":
      return { ...step, parts: step.parts.map(name) };
    case "transpose":
    case "block":
      return { ...step, of: name(step.of) };
  }
}
