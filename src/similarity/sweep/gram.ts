import type { ChainRow } from "../../tensor/index.ts";
import { cosine, float64Of, norm, type Scaled } from "../cosine.ts";

/** Which inner products are kept: of all outputs together, of one, or of each by itself. */
export type Slices = null | number | "each";

/** The inner products of n networks with each other. */
export class Gram {
  readonly size: number;
  readonly #slices: Slices;
  /** [tables, n, n], lower triangles: entry [t, row, column ≤ row] times 2^exponents[row, column]. */
  #mantissas = new Float64Array(0);
  readonly #exponents: Int32Array;
  /** [n, n]: 1 for the pairs that are there. */
  readonly #known: Uint8Array;
  /** [n]: mantissas of ⟨i, i⟩ with all outputs together; 0 when it is rounding. */
  readonly #wholes: Float64Array;

  constructor(size: number, slices: Slices) {
    this.size = size;
    this.#slices = slices;
    this.#exponents = new Int32Array(size * size);
    this.#known = new Uint8Array(size * size);
    this.#wholes = new Float64Array(size);
  }

  /** Whether ⟨row, column⟩ is there, column ≤ row. */
  has(row: number, column: number): boolean {
    return this.#known[row * this.size + column] === 1;
  }

  /** Number of tables: 1, or one for each output. */
  get tables(): number {
    return this.#mantissas.length / (this.size * this.size);
  }

  /** Takes inner products of network `row` with `columns`, none after `row`. */
  set(
    row: number,
    columns: readonly number[],
    { slices, exponents }: ChainRow,
    rounding: number,
  ): void {
    const outputs = slices.length / exponents.length;
    const tables = this.#slices === "each" ? outputs : 1;
    const area = this.size * this.size;
    if (this.#mantissas.length === 0) this.#mantissas = new Float64Array(tables * area);
    for (const [k, exponent] of exponents.entries()) {
      const own = slices.subarray(k * outputs, (k + 1) * outputs);
      const column = columns[k]!;
      const at = row * this.size + column;
      this.#known[at] = 1;
      const whole = sum(own);
      this.#exponents[at] = exponent;
      if (this.#slices === "each") {
        for (const [t, slice] of own.entries()) this.#mantissas[t * area + at] = slice;
      } else {
        this.#mantissas[at] = this.#slices === null ? whole : own[this.#slices]!;
      }
      if (column !== row) continue;
      const level = (Math.log2(whole) + exponent) / 2;
      this.#wholes[row] = level > rounding ? whole : 0;
    }
  }

  /** ⟨i, j⟩ in a table, as a float64. */
  product(table: number, i: number, j: number): number {
    return float64Of(this.#at(table, i, j));
  }

  /** ‖i‖ in a table; 0 when the whole network is rounding, NaN when it is not there. */
  norm(table: number, i: number): number {
    if (!this.has(i, i)) return Number.NaN;
    return this.#wholes[i] === 0 ? 0 : norm(this.#at(table, i, i));
  }

  /** ‖i‖ with all outputs together. */
  whole(i: number): number {
    return norm({ ...this.#at(0, i, i), mantissa: this.#wholes[i]! });
  }

  /**
   * True when a slice is too small a part of its network for its direction to mean anything: its norm
   * is below 1e-7 of the network's, where rounding reaches it.
   */
  isUndefined(table: number, i: number): boolean {
    if (this.#slices === null || !this.has(i, i)) return false;
    const { mantissa } = this.#at(table, i, i);
    return Math.sqrt(Math.max(mantissa, 0)) < 1e-7 * Math.sqrt(this.#wholes[i]!);
  }

  /** cos(i, j) in a table: 0 when a network is 0, NaN when a slice is undefined or the pair not there. */
  cosine(table: number, i: number, j: number): number {
    const there = this.has(Math.max(i, j), Math.min(i, j)) && this.has(i, i) && this.has(j, j);
    if (!there) return Number.NaN;
    if (this.isUndefined(table, i) || this.isUndefined(table, j)) return Number.NaN;
    if (this.#wholes[i] === 0 || this.#wholes[j] === 0) return 0;
    return cosine(this.#at(table, i, j), this.#at(table, i, i), this.#at(table, j, j));
  }

  #at(table: number, i: number, j: number): Scaled {
    const at = Math.max(i, j) * this.size + Math.min(i, j);
    return {
      mantissa: this.#mantissas[table * this.size * this.size + at]!,
      exponent: this.#exponents[at]!,
    };
  }
}

function sum(entries: Float64Array): number {
  let total = 0;
  for (const entry of entries) total += entry;
  return total;
}
