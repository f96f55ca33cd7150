/** Largest table of products of monomials, in entries. */
export const mostProducts: number = 2 ** 25;

/**
 * All monomials in `variables` variables of degree at most `degree`, numbered by degree, then in some
 * fixed order; those of lower degree are the first ones, whatever the largest degree.
 */
export class Monomials {
  readonly variables: number;
  /** [count, variables]: exponents. */
  readonly exponents: Uint8Array;
  /** [degree + 1]: how many there are up to each degree. */
  readonly upTo: readonly number[];
  readonly #radix: number;
  readonly #keys: Float64Array;
  readonly #numbers = new Map<number, number>();

  /**
   * @throws {RangeError} when products of monomials of half the degree would fill more than 2²⁵ entries
   */
  constructor(variables: number, degree: number) {
    this.variables = variables;
    const half = countOf(variables, Math.floor(degree / 2));
    this.#radix = degree + 1;
    if (half ** 2 > mostProducts || this.#radix ** variables > Number.MAX_SAFE_INTEGER) {
      throw new RangeError(
        `Cannot expand a network into monomials: expected at most ${mostProducts} products of them, found ${half ** 2} for ${variables} inputs and degree ${degree}; "closure" takes any size`,
      );
    }
    const count = countOf(variables, degree);
    this.exponents = new Uint8Array(count * variables);
    this.#keys = new Float64Array(count);
    this.upTo = Array.from({ length: degree + 1 }, (_, k) => countOf(variables, k));
    this.#numbers.set(0, 0);
    for (let k = 1; k <= degree; k++) this.#extend(k);
  }

  /** Those of degree k, each once: those of degree k − 1 times a variable not before their last. */
  #extend(k: number): void {
    let next = this.upTo[k - 1]!;
    for (let i = k < 2 ? 0 : this.upTo[k - 2]!; i < this.upTo[k - 1]!; i++) {
      const own = this.exponents.subarray(i * this.variables, (i + 1) * this.variables);
      for (let v = Math.max(0, own.findLastIndex(Boolean)); v < this.variables; v++) {
        this.exponents.set(own, next * this.variables);
        this.exponents[next * this.variables + v]! += 1;
        this.#keys[next] = this.#keys[i]! + this.#radix ** v;
        this.#numbers.set(this.#keys[next]!, next);
        next++;
      }
    }
  }

  get count(): number {
    return this.#keys.length;
  }

  /** Number of the product of monomials i and j. */
  product(i: number, j: number): number {
    return this.#numbers.get(this.#keys[i]! + this.#keys[j]!)!;
  }

  /** Number of monomial i with the exponent of a variable changed by `change`. */
  moved(i: number, variable: number, change: number): number {
    return this.#numbers.get(this.#keys[i]! + change * this.#radix ** variable)!;
  }

  exponent(i: number, variable: number): number {
    return this.exponents[i * this.variables + variable]!;
  }

  /** Π e_v! of monomial i. */
  factorials(i: number): number {
    let result = 1;
    for (let v = 0; v < this.variables; v++) result *= factorial(this.exponent(i, v));
    return result;
  }
}

/** Monomials in n variables of degree at most k: n + k over k. */
export function countOf(n: number, k: number): number {
  let count = 1;
  for (let i = 1; i <= k; i++) count = (count * (n + i)) / i;
  return Math.round(count);
}

export function factorial(n: number): number {
  let result = 1;
  for (let i = 2; i <= n; i++) result *= i;
  return result;
}
