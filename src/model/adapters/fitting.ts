import type { BilinearRule, LinearRule } from "./adapter.ts";
import type { Scope } from "./scope.ts";

/** One matrix with an optional bias, by their names in the checkpoint. */
export interface AffineSource {
  readonly weight: string;
  readonly bias?: string;
}

/** One layer of a fitted network: which tensors it is made of. */
export type LayerSource =
  | { readonly kind: "linear"; readonly affine: AffineSource; readonly transpose: boolean }
  | {
      readonly kind: "bilinear";
      /** One tensor to halve along `axis`, or one for each side. */
      readonly input:
        | { readonly packed: AffineSource; readonly axis: 0 | 1 }
        | { readonly left: AffineSource; readonly right: AffineSource };
      readonly down: AffineSource;
      readonly transpose: boolean;
      readonly residual: number;
      readonly gain: number;
    };

/** A tensor that is there in a shape the adapter cannot use. */
export interface WrongShape {
  readonly name: string;
  readonly expected: string;
  readonly found: string;
}

/** Sizes of one matrix as used (after transposition): letters where any size will do. */
type Expected = readonly [out: number | string, input: number | string];

/** Follows the width from layer to layer while it collects what does not fit. */
export class Fitting {
  readonly used: Set<string> = new Set();
  readonly missing: string[] = [];
  readonly wrong: WrongShape[] = [];
  /** Size of the wire after the layers so far, when known. */
  private width: number | undefined;

  readonly scope: Scope;

  constructor(scope: Scope) {
    this.scope = scope;
  }

  linear(rule: LinearRule): LayerSource | undefined {
    if (rule.optional === true && this.scope.shape(rule.weight) === undefined) return undefined;
    const transpose = rule.transpose ?? false;
    const size = this.matrix(rule.weight, ["out", this.width ?? "in"], transpose);
    const affine = this.affine(rule.weight, rule.bias, size?.[0]);
    this.width = size?.[0];
    return { kind: "linear", affine, transpose };
  }

  bilinear(rule: BilinearRule): LayerSource {
    const transpose = rule.transpose ?? false;
    const width = this.width;
    let hidden: number | undefined;
    let entering: number | undefined;
    let input: Extract<LayerSource, { kind: "bilinear" }>["input"];
    if ("packed" in rule) {
      const { tensor, bias, axis = 0 } = rule.packed;
      const size = this.packed(tensor, axis, transpose, width);
      input = { packed: this.affine(tensor, bias, size && 2 * size[0]), axis };
      hidden = size?.[0];
      entering = size?.[1];
    } else {
      const left = this.matrix(rule.left, ["m", width ?? "in"], transpose);
      const right = this.matrix(rule.right, left ?? ["m", width ?? "in"], transpose);
      hidden = left?.[0] ?? right?.[0];
      entering = left?.[1] ?? right?.[1];
      input = {
        left: this.affine(rule.left, rule.leftBias, hidden),
        right: this.affine(rule.right, rule.rightBias, hidden),
      };
    }
    const residual = rule.residual ?? 0;
    const out = residual === 0 ? "out" : (entering ?? "out");
    const size = this.matrix(rule.down, [out, hidden ?? "m"], transpose);
    this.width = size?.[0];
    const down = this.affine(rule.down, rule.downBias, size?.[0]);
    return { kind: "bilinear", input, down, transpose, residual, gain: rule.gain ?? 1 };
  }

  /** Names of a weight and of its bias, the bias only where the checkpoint has it. */
  private affine(
    weight: string,
    bias: string | undefined,
    length: number | undefined,
  ): AffineSource {
    const { stored } = this.scope;
    const found = bias === undefined ? undefined : this.take(bias);
    if (bias === undefined || found === undefined) return { weight: stored(weight) };
    if (found.length !== 1 || (length !== undefined && found[0] !== length)) {
      this.refuse(bias, [length ?? "out"], found);
    }
    return { weight: stored(weight), bias: stored(bias) };
  }

  /** [out, in] of a named matrix as used; undefined when it is missing or wrong, which is noted. */
  private matrix(
    name: string,
    expected: Expected,
    transpose: boolean,
  ): [number, number] | undefined {
    const found = this.take(name);
    if (found === undefined) {
      this.missing.push(this.scope.stored(name));
      return undefined;
    }
    const used = transpose ? found.toReversed() : found;
    const agrees = expected.every((axis, i) => typeof axis === "string" || axis === used[i]);
    if (found.length !== 2 || !agrees) {
      this.refuse(name, transpose ? expected.toReversed() : expected, found);
      return undefined;
    }
    return [used[0]!, used[1]!];
  }

  /** [m, in] of each half of a packed tensor. */
  private packed(
    name: string,
    axis: 0 | 1,
    transpose: boolean,
    width: number | undefined,
  ): [number, number] | undefined {
    const found = this.take(name);
    if (found === undefined) {
      this.missing.push(this.scope.stored(name));
      return undefined;
    }
    const half = found.map((size, i) => (i === axis ? size / 2 : size));
    const [hidden, entering] = transpose ? half.toReversed() : half;
    const whole = half.every(Number.isInteger);
    if (found.length !== 2 || !whole || (width !== undefined && entering !== width)) {
      const expected: (number | string)[] = transpose ? [width ?? "in", "m"] : ["m", width ?? "in"];
      const doubled = expected[axis]!;
      expected[axis] = typeof doubled === "number" ? 2 * doubled : `2${doubled}`;
      this.refuse(name, expected, found);
      return undefined;
    }
    return [hidden!, entering!];
  }

  private take(name: string): readonly number[] | undefined {
    const shape = this.scope.shape(name);
    if (shape !== undefined) this.used.add(name);
    return shape;
  }

  private refuse(
    name: string,
    expected: readonly (number | string)[],
    found: readonly number[],
  ): void {
    this.wrong.push({
      name: this.scope.stored(name),
      expected: `[${expected.join(", ")}]`,
      found: `[${found.join(", ")}]`,
    });
  }
}
