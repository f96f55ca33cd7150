import type {
  Block,
  EngineInfo,
  HeldMatrix,
  Matrix,
  Precision,
  Program,
  ProgramGroup,
  ProgramOperation,
  ProgramOptions,
} from "../../tensor/index.ts";
import { matrix, numbers, precisionOf } from "../../tensor/index.ts";
import { requirePrecision } from "../product.ts";
import { Held } from "./held.ts";

/** Programs of an engine that keeps matrices in arrays of this thread. */
export abstract class ArrayPrograms implements ProgramOperation {
  protected readonly info: EngineInfo;

  constructor(info: EngineInfo) {
    this.info = info;
  }

  async load({ shape, data }: Matrix): Promise<HeldMatrix> {
    requirePrecision(this.info, precisionOf(data));
    return this.#held(matrix(...shape, data.slice()));
  }

  async allocate([rows, columns]: Matrix["shape"], precision: Precision): Promise<HeldMatrix> {
    requirePrecision(this.info, precision);
    return this.#held(matrix(rows, columns, numbers(rows * columns, precision)));
  }

  async read(held: HeldMatrix): Promise<Matrix> {
    const { content } = Held.require<Matrix>(held, this, this.info.name);
    return matrix(...content.shape, content.data.slice());
  }

  abstract run(
    program: Program,
    groups: readonly ProgramGroup[],
    options?: ProgramOptions,
  ): Promise<readonly (readonly Matrix[])[]>;

  #held(content: Matrix): HeldMatrix {
    return new Held<Matrix>({
      engine: this.info.name,
      owner: this,
      shape: content.shape,
      precision: precisionOf(content.data),
      content,
    });
  }
}

/** Writes a matrix over a block of one that is held in an array. */
export function write({ shape: [rows, columns], data }: Matrix, { of, row, column }: Block): void {
  const { content } = of as Held<Matrix>;
  for (let i = 0; i < rows; i++) {
    const entries = data.subarray(i * columns, (i + 1) * columns);
    content.data.set(entries, (row + i) * content.shape[1] + column);
  }
}
