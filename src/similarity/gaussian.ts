import type { StandardForm } from "../model/index.ts";
import { type ChainStep, type Matrix, matrix, type Numbers } from "../tensor/index.ts";

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
export function gaussianStep({ constant, linear, left, right, down }: StandardForm): ChainStep {
  const [dOut, hidden] = down.shape;
  const dIn = left.shape[1];
  const straight = linear.data.some((entry: number) => entry !== 0) ? dOut : 0;
  const units = 1 + straight + hidden;
  const width = 1 + dIn;
  // Units: the constant, the outputs' linear parts times 1, and those of the quadratic part.
  const first = 1 + straight;
  const step = {
    kind: "bilinear",
    left: matrix(units, width),
    right: matrix(units, width),
    down: matrix(dOut, units),
  } as const;
  for (let unit = 0; unit < first; unit++) step.right.data[unit * width] = 1;
  step.left.data[0] = 1;
  for (let o = 0; o < straight; o++) {
    step.left.data.set(row(linear, o), (1 + o) * width + 1);
    step.down.data[o * units + 1 + o] = Math.SQRT2;
  }
  for (let h = 0; h < hidden; h++) {
    step.left.data.set(row(left, h), (first + h) * width + 1);
    step.right.data.set(row(right, h), (first + h) * width + 1);
  }
  const dots = rowDots(left, right);
  for (let o = 0; o < dOut; o++) {
    const own = row(down, o);
    // The trace of slice o is the mean of its quadratic part.
    let trace = 0;
    for (let h = 0; h < hidden; h++) {
      trace += own[h]! * dots[h]!;
      step.down.data[o * units + first + h] = Math.SQRT2 * own[h]!;
    }
    step.down.data[o * units] = constant[o]! + trace;
  }
  return step;
}

function row({ shape: [, columns], data }: Matrix, index: number): Numbers {
  return data.subarray(index * columns, (index + 1) * columns);
}

/** dots[h] = Σ_i l_hi r_hi */
function rowDots(left: Matrix, right: Matrix): Float64Array {
  const [rows, columns] = left.shape;
  const dots = new Float64Array(rows);
  for (let h = 0; h < rows; h++) {
    let dot = 0;
    for (let at = h * columns; at < (h + 1) * columns; at++)
      dot += left.data[at]! * right.data[at]!;
    dots[h] = dot;
  }
  return dots;
}
