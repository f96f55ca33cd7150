import type {
  HeldMatrix,
  Matrix,
  Precision,
  Program,
  ProgramGroup,
  ProgramOperation,
  ProgramOptions,
} from "../../../tensor/index.ts";
import { matrix, numbers, precisionOf } from "../../../tensor/index.ts";
import { Held, requireGroups } from "../../program/held.ts";
import type { Pool } from "../pool.ts";
import type { Address } from "../row.ts";
import type { Store } from "../store.ts";
import type { Code } from "./code.ts";
import { keptInputs } from "./entries.ts";
import { lowered } from "./lowering.ts";
import { Run } from "./run.ts";

/** Programs in packed matrices throughout, groups spread over a pool of workers. */
export class WasmPrograms implements ProgramOperation {
  readonly #store: Store;
  readonly #pool: Pool;
  readonly #workers: number;
  /** The instructions of programs that are still known, by precision and the inputs that are kept. */
  readonly #codes = new WeakMap<Program, Map<string, Code>>();

  constructor(store: Store, pool: Pool, workers: number) {
    this.#store = store;
    this.#pool = pool;
    this.#workers = workers;
  }

  async load({ shape, data }: Matrix): Promise<HeldMatrix> {
    const precision = precisionOf(data);
    return this.#held(shape, precision, (buffer, offset) => {
      view(precision, buffer, offset, data.length).set(data);
    });
  }

  async allocate(shape: Matrix["shape"], precision: Precision): Promise<HeldMatrix> {
    return this.#held(shape, precision, (buffer, offset) => {
      view(precision, buffer, offset, shape[0] * shape[1]).fill(0);
    });
  }

  async read(held: HeldMatrix): Promise<Matrix> {
    const { content, shape, precision } = Held.require<Address>(held, this, "wasm");
    const { buffer, offset } = this.#store.content(content.at);
    const copy = numbers(shape[0] * shape[1], precision);
    copy.set(view(precision, buffer, offset, copy.length));
    return matrix(...shape, copy);
  }

  async run(
    program: Program,
    groups: readonly ProgramGroup[],
    { signal, progress }: ProgramOptions = {},
  ): Promise<readonly (readonly Matrix[])[]> {
    signal?.throwIfAborted();
    const held = requireGroups<Address>(program, groups, this, "wasm");
    if (groups.length === 0) return [];
    const [first] = held;
    const precision = first?.precision ?? "float64";
    const kept = keptInputs(groups, program.inputs.length);
    const code = this.#code(program, precision, kept);
    const order = { program, precision, groups, held, kept, progress };
    const run = new Run(order, code, this.#store, this.#workers);
    const drop = () => this.#pool.drop(run, signal?.reason);
    signal?.addEventListener("abort", drop, { once: true });
    this.#pool.add(run);
    try {
      return await run.done;
    } finally {
      signal?.removeEventListener("abort", drop);
    }
  }

  #code(program: Program, precision: Precision, kept: readonly boolean[]): Code {
    const codes = this.#codes.get(program) ?? new Map<string, Code>();
    this.#codes.set(program, codes);
    const key = `${precision} ${kept.map(Number).join("")}`;
    const code = codes.get(key) ?? lowered(program, precision, kept);
    codes.set(key, code);
    return code;
  }

  #held(
    shape: Matrix["shape"],
    precision: Precision,
    content: (buffer: ArrayBufferLike, offset: number) => void,
  ): HeldMatrix {
    const bytes = shape[0] * shape[1] * (precision === "float64" ? 8 : 4);
    const at = this.#store.take(bytes, "a matrix");
    this.#store.fill(at, bytes, content);
    return new Held<Address>({
      engine: "wasm",
      owner: this,
      shape,
      precision,
      content: { at },
      free: () => this.#store.give(at),
    });
  }
}

function view(precision: Precision, buffer: ArrayBufferLike, offset: number, length: number) {
  return precision === "float64"
    ? new Float64Array(buffer, offset, length)
    : new Float32Array(buffer, offset, length);
}
