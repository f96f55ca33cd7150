import type { Names } from "./adapter.ts";
import type { Scope } from "./scope.ts";
import type { AffineSource } from "./source.ts";

/** A tensor that is there in a shape the adapter cannot use. */
export interface WrongShape {
  readonly name: string;
  readonly expected: string;
  readonly found: string;
}

/** Sizes of a tensor as used (after transposition): letters where any size will do. */
export type Expected = readonly (number | string)[];

/** A matrix by its name in the checkpoint, with its sizes as used where it has the right ones. */
export interface FoundMatrix {
  readonly name: string;
  readonly size?: readonly [out: number, input: number];
}

/** The tensors of a checkpoint while an adapter takes them; notes what is missing and what does not fit. */
export class Inventory {
  readonly used: Set<string> = new Set();
  readonly missing: string[] = [];
  readonly wrong: WrongShape[] = [];
  private readonly scope: Scope;

  constructor(scope: Scope) {
    this.scope = scope;
  }

  /** True when the checkpoint has a tensor of one of the names. */
  has(...names: readonly Names[]): boolean {
    return names.flat().some((name) => this.scope.names.has(name));
  }

  /** Takes a matrix, which may be missing or wrong. */
  matrix(names: Names, expected: Expected, transpose: boolean): FoundMatrix {
    const { name, shape } = this.take(names);
    if (shape === undefined) return { name };
    const used = transpose ? shape.toReversed() : shape;
    const agrees = expected.every((axis, i) => typeof axis === "string" || axis === used[i]);
    if (shape.length !== 2 || !agrees) {
      this.refuse(name, transpose ? expected.toReversed() : expected, shape);
      return { name };
    }
    return { name, size: [used[0]!, used[1]!] };
  }

  /** Takes two matrices packed in one tensor; its size is that of each half. */
  packed(names: Names, axis: 0 | 1, transpose: boolean, width: number | undefined): FoundMatrix {
    const { name, shape } = this.take(names);
    if (shape === undefined) return { name };
    const half = shape.map((size, i) => (i === axis ? size / 2 : size));
    const [hidden, entering] = transpose ? half.toReversed() : half;
    const whole = half.every(Number.isInteger);
    if (shape.length !== 2 || !whole || (width !== undefined && entering !== width)) {
      const expected: (number | string)[] = transpose ? [width ?? "in", "m"] : ["m", width ?? "in"];
      const doubled = expected[axis]!;
      expected[axis] = typeof doubled === "number" ? 2 * doubled : `2${doubled}`;
      this.refuse(name, expected, shape);
      return { name };
    }
    return { name, size: [hidden!, entering!] };
  }

  /** The matrix with its bias, which is taken only where the checkpoint has it. */
  affine(matrix: FoundMatrix, bias: Names | undefined, length: number | undefined): AffineSource {
    if (bias === undefined || !this.has(bias)) return { weight: matrix.name };
    const { name, shape } = this.take(bias);
    if (shape!.length !== 1 || (length !== undefined && shape![0] !== length)) {
      this.refuse(name, [length ?? "out"], shape!);
    }
    return { weight: matrix.name, bias: name };
  }

  /** The first of the names that is there, by its name in the checkpoint; else it is missing. */
  private take(names: Names): { readonly name: string; readonly shape?: readonly number[] } {
    const list = [names].flat();
    const known = list.find((name) => this.scope.names.has(name));
    const name = this.scope.stored(known ?? list[0]!);
    if (known === undefined) {
      this.missing.push(name);
      return { name };
    }
    this.used.add(known);
    return { name, shape: this.scope.shape(known)! };
  }

  private refuse(name: string, expected: Expected, found: readonly number[]): void {
    this.wrong.push({
      name,
      expected: `[${expected.join(", ")}]`,
      found: `[${found.join(", ")}]`,
    });
  }
}
