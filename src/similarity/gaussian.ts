import type { StandardForm } from "../model/index.ts";
import { type ChainStep, type Matrix, matrix, type Numbers, transpose } from "../tensor/index.ts";

/**
 * A bilinear step on (1, w) whose symmetric inner product is E[f_a(w)·f_b(w)], w ~ N(0, I), exact.
 *
 * For f_o(w) = p₀[o] + p₁[o]·w + Σ_h S[o, h] (l_h·w)(r_h·w), by Wick's theorem,
 *
 *     E[f_a·f_b] = c_a·c_b + ⟨p₁_a, p₁_b⟩ + 2 ⟨T_a, T_b⟩,    c = p₀ + Σ_h S[·, h] (l_h·r_h)
 *
 * with T the symmetrised tensors. The symmetric tensors over (1, w) weigh the three parts 1, ½ and 1,
 * so the step carries c, √2 p₁ and √2 S.
 */
export function gaussianStep(form: StandardForm): ChainStep {
  const [dOut, hidden] = form.down.shape;
  const one = [1, ...new Array<number>(form.left.shape[1]).fill(0)];
  const outputs = Array.from({ length: dOut }, (_, o) => o);
  const units: Unit[] = [
    { left: one, right: one, down: outputs.map((o) => form.constant[o]! + trace(form, o)) },
  ];
  if (form.linear.data.some((entry: number) => entry !== 0)) {
    for (const o of outputs) {
      const down = outputs.map((other) => (other === o ? Math.SQRT2 : 0));
      units.push({ left: [0, ...row(form.linear, o)], right: one, down });
    }
  }
  for (let h = 0; h < hidden; h++) {
    units.push({
      left: [0, ...row(form.left, h)],
      right: [0, ...row(form.right, h)],
      down: outputs.map((o) => Math.SQRT2 * form.down.data[o * hidden + h]!),
    });
  }
  return {
    kind: "bilinear",
    left: stacked(units.map(({ left }) => left)),
    right: stacked(units.map(({ right }) => right)),
    down: transpose(stacked(units.map(({ down }) => down))),
  };
}

/** A hidden unit: (left·x̂)(right·x̂) times the vector down. */
interface Unit {
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly down: readonly number[];
}

function row({ shape: [, columns], data }: Matrix, index: number): Numbers {
  return data.subarray(index * columns, (index + 1) * columns);
}

function stacked(rows: readonly (readonly number[])[]): Matrix {
  return matrix(rows.length, rows[0]!.length, rows.flat());
}

/** Σ_h S[o, h] l_h·r_h: the trace of slice o, the mean of its quadratic part. */
function trace({ left, right, down }: StandardForm, o: number): number {
  const [hidden, dIn] = left.shape;
  let sum = 0;
  for (let h = 0; h < hidden; h++) {
    let dot = 0;
    for (let i = 0; i < dIn; i++) dot += left.data[h * dIn + i]! * right.data[h * dIn + i]!;
    sum += down.data[o * hidden + h]! * dot;
  }
  return sum;
}
