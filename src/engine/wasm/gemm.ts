import type { EngineInfo, GemmOptions, Matrix, Numbers } from "../../tensor/index.ts";
import { matrix } from "../../tensor/index.ts";
import { productOf } from "../product.ts";
import { grow, instantiate, type Kernels, mostPages, page } from "./kernels.ts";

/** Bytes at the start of the memory that hold nothing, so that no address is 0. */
const base = 64;

/**
 * Multiplies on the calling thread, in a memory that is kept and grows to the largest product asked for:
 * operands are copied in, the result is copied out.
 */
export class Multiplier {
  readonly #info: EngineInfo;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  #wide: Float64Array;
  #narrow: Float32Array;

  constructor(info: EngineInfo, module: WebAssembly.Module) {
    this.#info = info;
    this.#memory = new WebAssembly.Memory({ initial: 1, maximum: mostPages });
    this.#kernels = instantiate(module, this.#memory);
    this.#wide = new Float64Array(this.#memory.buffer);
    this.#narrow = new Float32Array(this.#memory.buffer);
  }

  multiply(a: Matrix, b: Matrix, options: GemmOptions = {}): Matrix {
    const { rows, inner, columns, precision } = productOf(this.#info, a, b, options);
    const wide = precision === "float64";
    const size = wide ? 8 : 4;
    // Whole panels of 32 bytes across.
    const padded = (length: number) => Math.ceil((length * size) / 32) * 32;
    const atA = base;
    const atB = aligned(atA + rows * inner * size);
    const packedA = aligned(atB + inner * columns * size);
    const packedB = packedA + padded(rows) * inner;
    const atC = packedB + padded(columns) * inner;
    const end = atC + (padded(rows) / size) * padded(columns);
    this.#reach(end, rows, inner, columns);
    const numbers: Numbers = wide ? this.#wide : this.#narrow;
    numbers.set(a.data, atA / size);
    numbers.set(b.data, atB / size);
    const { transposeA = false, transposeB = false } = options;
    const gemm = wide ? this.#kernels.gemm64 : this.#kernels.gemm32;
    gemm(atA, transposeA, atB, transposeB, rows, columns, inner, packedA, packedB, atC);
    return matrix(rows, columns, numbers.slice(atC / size, atC / size + rows * columns));
  }

  #reach(end: number, rows: number, inner: number, columns: number): void {
    if (end <= this.#wide.byteLength) return;
    if (end > mostPages * page || !grow(this.#memory, end)) {
      throw new RangeError(
        `Cannot multiply [${rows}, ${inner}] by [${inner}, ${columns}] in engine "wasm": expected at most ${mostPages * page} bytes of memory, found ${end} needed`,
      );
    }
    this.#wide = new Float64Array(this.#memory.buffer);
    this.#narrow = new Float32Array(this.#memory.buffer);
  }
}

function aligned(address: number): number {
  return Math.ceil(address / 64) * 64;
}
