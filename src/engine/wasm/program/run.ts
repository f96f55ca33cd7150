import type {
  Block,
  Matrix,
  Precision,
  Program,
  ProgramGroup,
  ProgramOptions,
} from "../../../tensor/index.ts";
import { matrix } from "../../../tensor/index.ts";
import type { Held } from "../../program/held.ts";
import { Job } from "../job.ts";
import { longest, rate, shortest } from "../pace.ts";
import type { Address } from "../row.ts";
import type { Store } from "../store.ts";
import type { ProgramAnswer, ProgramTask } from "../task.ts";
import type { Code } from "./code.ts";
import { entries, entriesOf, entryBytes, type Location, locationOf } from "./entries.ts";
import { operationsOf } from "./operations.ts";

/** Groups `from` … `to` − 1, handed out in one piece. */
interface Piece {
  readonly from: number;
  readonly to: number;
}

type Sums = readonly (readonly Matrix[])[];

interface Order {
  readonly program: Program;
  readonly precision: Precision;
  readonly groups: readonly ProgramGroup[];
  readonly held: ReadonlySet<Held<Address>>;
  readonly kept: readonly boolean[];
  readonly progress: ProgramOptions["progress"];
}

/** A run of a program: its groups in pieces of some milliseconds, results brought together. */
export class Run extends Job<Sums> {
  protected readonly room: number;
  readonly #order: Order;
  readonly #pieces: readonly Piece[];
  /** Shapes of the outputs. */
  readonly #shapes: readonly (readonly [number, number])[];
  readonly #size: number;
  /** Address of the instructions. */
  readonly #code: number;
  readonly #scratch: number;
  /** Bytes of the entries of a piece, at most. */
  readonly #table: number;
  readonly #sums: (readonly Matrix[])[];
  /** Matrices that were written to here and not yet by the workers. */
  readonly #changed = new Set<Held<Address>>();
  #next = 0;
  #done = 0;

  constructor(order: Order, code: Code, store: Store, workers: number) {
    super(store);
    const { program, precision, groups, kept, held } = order;
    this.#order = order;
    this.#size = precision === "float64" ? 8 : 4;
    const all = [...program.inputs, ...program.steps.map(({ shape }) => shape)];
    this.#shapes = program.outputs.map((output) => all[output]!);
    this.#sums = groups.map(() => []);
    this.#pieces = piecesOf(groups, operationsOf(program) / rate[precision], workers);
    const step = entryBytes(kept.length, this.#shapes.length);
    this.#table = most(
      this.#pieces.map(
        ({ from, to }) => step * groups.slice(from, to).reduce((sum, g) => sum + entriesOf(g), 0),
      ),
    );
    const results = most(this.#pieces.map((piece) => this.#targets(piece, 0).bytes));
    this.#scratch = align(code.scratch);
    this.room = this.#scratch + align(this.#table) + results;
    this.#code = store.take(code.bytes.length, "a program");
    store.fill(this.#code, code.bytes.length, (buffer, offset) =>
      new Uint8Array(buffer, offset, code.bytes.length).set(code.bytes),
    );
    for (const one of held) one.enter();
  }

  protected get more(): boolean {
    return this.#next < this.#pieces.length;
  }

  protected piece(id: number, room: number): ProgramTask {
    const piece = this.#pieces[this.#next++]!;
    const { groups, kept, precision } = this.#order;
    const table = room + this.#scratch;
    const results = table + align(this.#table);
    const { targets, bytes } = this.#targets(piece, results);
    return {
      kind: "program",
      id,
      from: piece.from,
      to: piece.to,
      kernel: precision === "float64" ? "program64" : "program32",
      code: this.#code,
      scratch: room,
      entries: entries(groups.slice(piece.from, piece.to), kept, targets),
      table,
      step: entryBytes(kept.length, this.#shapes.length),
      results,
      bytes,
      extent: this.store.extent,
    };
  }

  protected take({ from, to }: ProgramTask, { results }: ProgramAnswer): void {
    const { groups, precision, progress } = this.#order;
    let at = 0;
    for (let g = from; g < to; g++) {
      const { into } = groups[g]!;
      if (into && this.store.common) continue;
      const sums = this.#shapes.map(([rows, columns]) => {
        const all = precision === "float64" ? new Float64Array(results) : new Float32Array(results);
        const data = all.slice(at, at + rows * columns);
        at += rows * columns;
        return matrix(rows, columns, data);
      });
      if (into) {
        sums.forEach((sum, o) => {
          this.#write(sum, into[o]!);
        });
      } else {
        this.#sums[g] = sums;
      }
    }
    this.#done += to - from;
    progress?.(this.#done, groups.length);
  }

  protected result(): Sums {
    return this.#sums;
  }

  protected leave(): void {
    this.store.give(this.#code);
    for (const held of this.#changed) this.store.changed(held.content.at);
    for (const held of this.#order.held) held.leave();
  }

  /** Where the outputs of a piece go, and the bytes of those that are answered. */
  #targets({ from, to }: Piece, results: number) {
    let bytes = 0;
    const targets = this.#order.groups.slice(from, to).map(({ into }) => {
      if (into && this.store.common) return into.map(locationOf);
      return this.#shapes.map(([rows, columns]): Location => {
        const row = columns * this.#size;
        bytes += rows * row;
        return { address: results + bytes - rows * row, row };
      });
    });
    return { targets, bytes };
  }

  /** Writes a sum to a held matrix that the workers have copies of. */
  #write({ shape: [rows, columns], data }: Matrix, { of, row, column }: Block): void {
    const held = of as Held<Address>;
    const { buffer } = this.store.content(held.content.at);
    const width = held.shape[1];
    const all = held.precision === "float64" ? new Float64Array(buffer) : new Float32Array(buffer);
    for (let i = 0; i < rows; i++) {
      all.set(data.subarray(i * columns, (i + 1) * columns), (row + i) * width + column);
    }
    this.#changed.add(held);
  }
}

/** Groups side by side until they take long enough, so that each worker has several pieces. */
function piecesOf(
  groups: readonly ProgramGroup[],
  seconds: number,
  workers: number,
): readonly Piece[] {
  const duration = ({ tasks }: ProgramGroup) => tasks.length * seconds;
  const total = groups.reduce((sum, group) => sum + duration(group), 0);
  const enough = Math.max(shortest, Math.min(longest / 2, total / (8 * workers)));
  const pieces: Piece[] = [];
  let from = 0;
  let sum = 0;
  groups.forEach((group, g) => {
    sum += duration(group);
    if (sum < enough && g < groups.length - 1) return;
    pieces.push({ from, to: g + 1 });
    from = g + 1;
    sum = 0;
  });
  return pieces;
}

function most(numbers: readonly number[]): number {
  return numbers.reduce((most, number) => Math.max(most, number), 0);
}

function align(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
